// as: services/trainer/src/fixture.ts
// breaks: no-restricted-syntax
const { env } = process;
export const level = env['WEFT_LOG_LEVEL'];
