import { expect, test } from 'vitest';
import type { OperatorTime } from './operator-times.ts';
import { limitOf, timeBudget } from './time-budget.ts';

const operators: OperatorTime[] = [
  { operator: 'Gemm', kind: 'product', ms: 4, calls: 3, flops: 2e8 },
  { operator: 'Mul', kind: 'traversal', ms: 1, calls: 1, flops: 0 },
  { operator: 'Split', kind: 'layout', ms: 0.5, calls: 2, flops: 0 },
];

test('the parts of a step add up to it', () => {
  expect(timeBudget(operators, 10, 8)).toEqual({
    ...{ stepMs: 10, productsMs: 4, traversalsMs: 1, layoutMs: 0.5, aroundKernelsMs: 2.5, updateMs: 2 },
    ...{ productGflops: 50, operators },
  });
});

test('kernels that were slower under the profiler than the whole gradient without it leave nothing around them', () => {
  expect(timeBudget(operators, 6, 5).aroundKernelsMs).toBe(0);
});

test('the limit is the largest part, with every other that takes more than a fifth', () => {
  expect(limitOf(timeBudget(operators, 10, 8), 200)).toBe(
    'arithmetic: 40 % in products, at 25 % of the peak; calls: 25 % around the kernels',
  );
  expect(limitOf(timeBudget(operators.slice(1), 4, 2), 200)).toBe(
    'update: 50 % for batch, mean and optimizer; memory: 38 % in kernels that mostly read and write (Mul, Split)',
  );
});
