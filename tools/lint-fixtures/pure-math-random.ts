// as: libs/core/src/fixture.ts
// breaks: no-restricted-properties
export const draw = (): number => Math.random();
