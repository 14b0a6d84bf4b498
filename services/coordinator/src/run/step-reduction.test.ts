import type { TreeNode } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BufferPool } from './buffer-pool.ts';
import { StepReduction, type PartialSum, type ReductionOrder } from './step-reduction.ts';

/** Sums whose float32 total depends on the order: (a + b) + (c + d) differs from most other orders. */
const values = [1e8, 1, -1e8, 1];

function reduce(order: ReductionOrder, arrival: readonly number[]): number {
  const pool = new BufferPool(1);
  const reduction = new StepReduction(values.length, pool, order);
  for (const chunk of arrival) reduction.give({ level: 0, index: chunk }, partial(pool, values[chunk] ?? 0));
  return reduction.finish(1).contribution[0] ?? Number.NaN;
}

function partial(pool: BufferPool, value: number, lossSum = 0, correctCount = 0): PartialSum {
  const contribution = pool.acquire();
  contribution.fill(value);
  return { contribution, lossSum, correctCount };
}

const arrivals = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });

test('along the tree the order of arrival changes no bit', () => {
  const expected = Math.fround(Math.fround(1e8 + 1) + Math.fround(-1e8 + 1));
  fc.assert(fc.property(arrivals, (arrival) => reduce('tree', arrival) === expected));
});

test('in the order of arrival it does', () => {
  const results = new Set(
    [
      [0, 1, 2, 3],
      [0, 2, 1, 3],
    ].map((arrival) => reduce('arrival', arrival)),
  );
  expect([...results]).toEqual([1, 2]);
});

test('loss and correct answers are added too, and the mean is taken once at the end', () => {
  const pool = new BufferPool(2);
  const reduction = new StepReduction(3, pool, 'tree');
  const nodes: TreeNode[] = [
    { level: 0, index: 2 },
    { level: 1, index: 0 },
  ];
  reduction.give(nodes[0] ?? { level: 0, index: 0 }, partial(pool, 3, 0.5, 1));
  reduction.give(nodes[1] ?? { level: 0, index: 0 }, partial(pool, 6, 1.25, 4));
  const { contribution, lossSum, correctCount, finite } = reduction.finish(6);
  expect({ contribution: [...contribution], lossSum, correctCount, finite }).toEqual({
    contribution: [1.5, 1.5],
    lossSum: 1.75,
    correctCount: 5,
    finite: true,
  });
});

test('buffers that were added to others are free again', () => {
  const pool = new BufferPool(1);
  const reduction = new StepReduction(2, pool, 'tree');
  const left = partial(pool, 1);
  const right = partial(pool, 2);
  reduction.give({ level: 0, index: 1 }, right);
  reduction.give({ level: 0, index: 0 }, left);
  expect(pool.acquire()).toBe(right.contribution);
  expect(reduction.finish(1).contribution).toBe(left.contribution);
});

test.each([
  ['a gradient of NaN', Number.NaN, 0],
  ['an infinite gradient', Number.POSITIVE_INFINITY, 0],
  ['an infinite loss', 1, Number.POSITIVE_INFINITY],
])('%s is told', (_, value, lossSum) => {
  const pool = new BufferPool(3);
  const reduction = new StepReduction(1, pool, 'tree');
  reduction.give({ level: 0, index: 0 }, partial(pool, value, lossSum));
  expect(reduction.finish(8).finite).toBe(false);
});
