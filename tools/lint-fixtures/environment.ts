// as: services/trainer/src/fixture.ts
// breaks: no-restricted-syntax
export const level = process.env['WEFT_LOG_LEVEL'];
