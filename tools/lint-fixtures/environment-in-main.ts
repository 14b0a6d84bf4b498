// as: services/trainer/src/main.ts
// breaks: nothing
export const level = process.env['WEFT_LOG_LEVEL'];
