import { expect, test } from 'vitest';
import type { KernelRun } from './runtime-profile.ts';
import { limitOf, timeBudget } from './time-budget.ts';

const product: KernelRun = {
  operator: 'Gemm',
  durationUs: 4000,
  inputs: [
    [100, 1000],
    [1000, 1000],
  ],
  outputs: [[100, 1000]],
};
const traversal: KernelRun = { operator: 'Mul', durationUs: 1000, inputs: [[10]], outputs: [[10]] };
const layout: KernelRun = { operator: 'Transpose', durationUs: 500, inputs: [[10]], outputs: [[10]] };

/** Two steps of 10 ms, of which the runtime has 7, and its kernels 5.5. */
const budget = timeBudget(
  [{ kernels: [product, traversal, layout, product, traversal, layout], runUs: 14_000 }],
  2,
  20,
);

test('the parts of a step add up to it', () => {
  const { productsMs, traversalsMs, layoutMs, betweenKernelsMs, outsideMs, stepMs } = budget;
  expect({ productsMs, traversalsMs, layoutMs, betweenKernelsMs, outsideMs }).toEqual({
    ...{ productsMs: 4, traversalsMs: 1, layoutMs: 0.5, betweenKernelsMs: 1.5, outsideMs: 3 },
  });
  expect(stepMs).toBe(productsMs + traversalsMs + layoutMs + betweenKernelsMs + outsideMs);
});

test('operators are listed by their time in a step, products with their rate', () => {
  expect(budget.operators).toEqual([
    { operator: 'Gemm', ms: 4, calls: 1, gflops: 50 },
    { operator: 'Mul', ms: 1, calls: 1, gflops: null },
    { operator: 'Transpose', ms: 0.5, calls: 1, gflops: null },
  ]);
  expect(budget.productGflops).toBe(50);
});

test('the limit is the largest part, with every other that takes more than a fifth', () => {
  expect(limitOf(budget, 200)).toBe(
    'cost of a call: 15 % between kernels, 30 % outside the runtime; products: 40 % of the step, at 25 % of the peak',
  );
});
