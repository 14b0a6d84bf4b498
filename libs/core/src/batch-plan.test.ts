import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assignChunks,
  chunkCountOfStep,
  chunkSizes,
  evenShares,
  examplesOfChunks,
  examplesOfStep,
  stepsPerEpoch,
  type BatchPlan,
} from './batch-plan.ts';
import { chunksOf, coverRange } from './reduction-tree.ts';

const fashion: BatchPlan = { exampleCount: 54_000, globalBatch: 128, chunkSize: 32 };

test.each([
  [fashion, 422, 0, { first: 0, end: 128 }, [32, 32, 32, 32]],
  [fashion, 422, 421, { first: 53_888, end: 54_000 }, [32, 32, 32, 16]],
  [{ exampleCount: 10, globalBatch: 10, chunkSize: 10 }, 1, 0, { first: 0, end: 10 }, [10]],
  [{ exampleCount: 10, globalBatch: 8, chunkSize: 3 }, 2, 0, { first: 0, end: 8 }, [3, 3, 2]],
  [{ exampleCount: 10, globalBatch: 8, chunkSize: 3 }, 2, 1, { first: 8, end: 10 }, [2]],
  [{ exampleCount: 5, globalBatch: 2, chunkSize: 64 }, 3, 2, { first: 4, end: 5 }, [1]],
])('%j has %i steps; step %i takes %j in chunks of %j', (plan, steps, step, examples, sizes) => {
  expect(stepsPerEpoch(plan)).toBe(steps);
  expect(examplesOfStep(plan, step)).toEqual(examples);
  expect(chunkCountOfStep(plan, step)).toBe(sizes.length);
  expect(chunkSizes(plan, step, { first: 0, end: sizes.length })).toEqual(sizes);
});

test.each([
  [
    4,
    2,
    [
      [0, 2],
      [2, 4],
    ],
  ],
  [
    4,
    3,
    [
      [0, 1],
      [1, 2],
      [2, 4],
    ],
  ],
  [
    2,
    3,
    [
      [0, 0],
      [0, 1],
      [1, 2],
    ],
  ],
  [
    0,
    2,
    [
      [0, 0],
      [0, 0],
    ],
  ],
])('%i chunks over %i ranks', (chunkCount, worldSize, expected) => {
  expect(assignChunks(chunkCount, evenShares(worldSize)).map(({ first, end }) => [first, end])).toEqual(expected);
});

test('many chunks over any ranks: every chunk once, near the shares, in few subtrees', () => {
  const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 64 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), shares, (chunkCount, given) => {
      const ranges = assignChunks(chunkCount, given);
      const total = given.reduce((sum, share) => sum + share, 0);
      let next = 0;
      for (const [rank, range] of ranges.entries()) {
        expect(range.first).toBe(next);
        next = range.end;
        const exact = (chunkCount * (given[rank] ?? 0)) / total;
        expect(Math.abs(range.end - range.first - exact)).toBeLessThanOrEqual(
          Math.max(1, chunkCount / (32 * given.length)),
        );
      }
      expect(next).toBe(chunkCount);
    }),
  );
});

test.each([
  [4, 4127],
  [5, 2575],
  [8, 4111],
  [64, 54_000],
])(
  'of %i ranks the last is a hundred times slower: of %i chunks none is given twice, or beyond the last',
  (ranks, chunkCount) => {
    const ranges = assignChunks(chunkCount, [...new Array<number>(ranks - 1).fill(100), 1]);
    const given = ranges.flatMap((range) => coverRange(range, chunkCount).map((node) => chunksOf(node, chunkCount)));
    expect(given.reduce((next, { first, end }) => (first === next ? end : NaN), 0)).toBe(chunkCount);
  },
);

test.each([
  [1688, 2, 8],
  [27_000, 2, 9],
  [54_000, 4, 10],
])('of %i chunks over %i ranks, no rank has more than %i subtrees', (chunkCount, worldSize, most) => {
  const ranges = assignChunks(chunkCount, evenShares(worldSize));
  const counts = ranges.map((range) => coverRange(range, chunkCount).length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(most);
});

test('whatever the sizes and the number of ranks, an epoch uses every example exactly once, in order', () => {
  const plans = fc.record({
    exampleCount: fc.integer({ min: 1, max: 300 }),
    globalBatch: fc.integer({ min: 1, max: 300 }),
    chunkSize: fc.integer({ min: 1, max: 80 }),
  });
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 9 }), (plan, worldSize) => {
      const used: number[] = [];
      for (let step = 0; step < stepsPerEpoch(plan); step++) {
        const shares = assignChunks(chunkCountOfStep(plan, step), evenShares(worldSize));
        for (const range of shares) {
          const { first, end } = examplesOfChunks(plan, step, range);
          const sizes = chunkSizes(plan, step, range);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(end - first);
          expect(sizes.every((size) => size >= 1 && size <= plan.chunkSize)).toBe(true);
          for (let example = first; example < end; example++) used.push(example);
        }
        const widths = shares.map(({ first, end }) => end - first);
        const fewChunks = chunkCountOfStep(plan, step) < 64 * worldSize;
        if (fewChunks) expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1);
      }
      expect(used).toEqual(Array.from({ length: plan.exampleCount }, (_, example) => example));
    }),
  );
});
