// as: libs/data/src/fixture.ts
// breaks: @typescript-eslint/no-non-null-assertion
export const first = (values: readonly number[]): number => values[0]!;
