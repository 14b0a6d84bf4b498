// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const later = (): unknown => Promise.resolve(1);
