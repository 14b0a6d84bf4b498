// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const now = (): unknown => globalThis.performance;
