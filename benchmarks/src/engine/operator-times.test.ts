import { expect, test } from 'vitest';
import { operatorTimes } from './operator-times.ts';
import type { NodeTime } from './runtime-profile.ts';

const node = (operator: string, medianUs: number, callsPerStep: number): NodeTime => ({
  operator,
  inputs: [
    [10, 20],
    [20, 30],
  ],
  outputs: [[10, 30]],
  callsPerStep,
  medianUs,
  fastestUs: medianUs,
});

test('nodes of one operator add up over the step, and the slowest operator comes first', () => {
  expect(
    operatorTimes([node('Mul', 500, 1), node('Gemm', 1000, 4), node('Gemm', 2000, 1), node('Split', 50, 2)]),
  ).toEqual([
    { operator: 'Gemm', kind: 'product', ms: 6, calls: 5, flops: 5 * 2 * 10 * 20 * 30 },
    { operator: 'Mul', kind: 'traversal', ms: 0.5, calls: 1, flops: 0 },
    { operator: 'Split', kind: 'layout', ms: 0.1, calls: 2, flops: 0 },
  ]);
});
