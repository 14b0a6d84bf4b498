// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const id = (): number => process.pid;
