// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const later = (then: () => void): unknown => setTimeout(then, 1);
