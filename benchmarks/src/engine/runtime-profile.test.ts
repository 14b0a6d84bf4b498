import { expect, test } from 'vitest';
import { kernelFlops, readProfile } from './runtime-profile.ts';

const kernel = (node: string, dur: number): object => ({
  cat: 'Node',
  name: `${node}_kernel_time`,
  dur,
  args: {
    op_name: node.split('_')[0],
    input_type_shape: [{ float: [4, 5] }, { float: [5, 6] }],
    output_type_shape: [{ float: [4, 6] }],
  },
});

test('each node has the median and the smallest of its times, and its calls in one step', () => {
  const text = JSON.stringify([
    { cat: 'Session', name: 'model_run', dur: 99, args: {} },
    ...[90, 7, 9, 8, 8, 8].map((dur) => kernel('Gemm_3', dur)),
    ...[1, 2, 1, 2, 1, 2].map((dur) => kernel('Add_4', dur)),
  ]);
  const shapes = {
    inputs: [
      [4, 5],
      [5, 6],
    ],
    outputs: [[4, 6]],
  };
  expect(readProfile(text, 3)).toEqual([
    { operator: 'Gemm', ...shapes, callsPerStep: 2, medianUs: 8, fastestUs: 7 },
    { operator: 'Add', ...shapes, callsPerStep: 2, medianUs: 1.5, fastestUs: 1 },
  ]);
});

test('a session that never ran has no nodes', () => {
  expect(
    readProfile(JSON.stringify([{ cat: 'Session', name: 'session_initialization', dur: 9, args: {} }]), 2),
  ).toEqual([]);
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
  expect(kernelFlops({ operator, inputs, outputs: [output] })).toBe(flops);
});
