// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const now = (): number => Date.now();
