// as: libs/engine/src/kernels/fixture.ts
// breaks: nothing
export const first = (values: readonly number[]): number => values[0]!;
