// as: libs/data/src/fixture.ts
// breaks: @typescript-eslint/no-explicit-any
export const identity = (value: any): unknown => value;
