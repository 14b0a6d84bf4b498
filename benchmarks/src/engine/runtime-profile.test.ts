import { expect, test } from 'vitest';
import { kernelFlops, readProfile } from './runtime-profile.ts';

const run = (ts: number, dur: number): object => ({ cat: 'Session', name: 'model_run', ts, dur, args: {} });
const kernel = (ts: number, dur: number, operator: string): object => ({
  cat: 'Node',
  name: `${operator}_3_kernel_time`,
  ts,
  dur,
  args: {
    op_name: operator,
    input_type_shape: [{ float: [4, 5] }, { float: [5, 6] }],
    output_type_shape: [{ float: [4, 6] }],
  },
});

test('the runs of the warm-up are left out with their kernels', () => {
  const text = JSON.stringify([
    { cat: 'Session', name: 'session_initialization', ts: 0, dur: 9, args: {} },
    ...[10, 30, 50, 70].flatMap((ts, index) => [kernel(ts + 1, 5 + index, 'Gemm'), run(ts, 8)]),
  ]);
  const profile = readProfile(text, 2, 1);
  expect(profile.runUs).toBe(16);
  expect(profile.kernels.map(({ durationUs }) => durationUs)).toEqual([7, 8]);
  expect(profile.kernels[0]).toMatchObject({
    operator: 'Gemm',
    inputs: [
      [4, 5],
      [5, 6],
    ],
    outputs: [[4, 6]],
  });
});

test('a session that ran in the warm-up only has no time', () => {
  expect(readProfile(JSON.stringify([kernel(1, 5, 'Gemm')]), 2, 1)).toEqual({ kernels: [], runUs: 0 });
});

test.each([
  [
    'a product',
    'Gemm',
    [
      [4, 5],
      [5, 6],
    ],
    [4, 6],
    2 * 4 * 5 * 6,
  ],
  [
    'a product with its first matrix transposed',
    'Gemm',
    [
      [5, 4],
      [5, 6],
    ],
    [4, 6],
    2 * 4 * 5 * 6,
  ],
  [
    'a product of stacked matrices',
    'MatMul',
    [
      [2, 4, 5],
      [2, 5, 6],
    ],
    [2, 4, 6],
    2 * 2 * 4 * 5 * 6,
  ],
  [
    'a convolution',
    'Conv',
    [
      [8, 16, 28, 28],
      [32, 16, 3, 3],
    ],
    [8, 32, 26, 26],
    2 * 8 * 32 * 26 * 26 * 16 * 9,
  ],
  [
    'anything else',
    'Add',
    [
      [4, 6],
      [4, 6],
    ],
    [4, 6],
    0,
  ],
])('%s counts a multiplication and an addition for each inner element', (_, operator, inputs, output, flops) => {
  expect(kernelFlops({ operator, durationUs: 1, inputs, outputs: [output] })).toBe(flops);
});
