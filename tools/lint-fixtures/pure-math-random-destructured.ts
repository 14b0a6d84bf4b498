// as: libs/core/src/fixture.ts
// breaks: no-restricted-properties
const { random } = Math;
export const draw = (): number => random();
