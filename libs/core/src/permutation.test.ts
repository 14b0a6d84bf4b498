import fc from 'fast-check';
import { expect, test } from 'vitest';
import { permutation } from './permutation.ts';
import { PhiloxStream } from './philox.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const epochs = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** The shuffle as Fisher and Yates wrote it: strike a number from a list and write it at the end of another. */
function struckFromList(seed: number, epoch: number, count: number): number[] {
  const stream = new PhiloxStream(seed, 'permutation', epoch);
  const left = Array.from({ length: count }, (_, i) => i);
  const backwards: number[] = [];
  while (left.length > 1) {
    const chosen = stream.below(left.length);
    backwards.push(left[chosen] ?? -1);
    const last = left.pop() ?? -1;
    if (chosen < left.length) left[chosen] = last;
  }
  return [...backwards, ...left].reverse();
}

test('every number below the count occurs exactly once', () => {
  fc.assert(
    fc.property(seeds, epochs, fc.integer({ min: 0, max: 2000 }), (seed, epoch, count) => {
      const sorted = permutation(seed, epoch, count).toSorted();
      expect([...sorted]).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
    { numRuns: 50 },
  );
});

test('the shuffle in place equals striking numbers from a list', () => {
  fc.assert(
    fc.property(seeds, epochs, fc.integer({ min: 0, max: 300 }), (seed, epoch, count) => {
      expect([...permutation(seed, epoch, count)]).toEqual(struckFromList(seed, epoch, count));
    }),
    { numRuns: 50 },
  );
});

test('the order is fixed for all time: golden values', () => {
  expect([...permutation(1, 0, 10)]).toEqual([2, 1, 3, 9, 7, 8, 0, 6, 4, 5]);
  expect([...permutation(1, 1, 10)]).toEqual([4, 7, 2, 9, 0, 8, 3, 6, 1, 5]);
  expect([...permutation(2, 0, 10)]).toEqual([5, 6, 0, 3, 2, 7, 1, 9, 8, 4]);
});

test('every order of four examples is equally likely over the epochs', () => {
  const counts = new Map<string, number>();
  const draws = 24_000;
  for (let epoch = 0; epoch < draws; epoch++) {
    const order = permutation(5, epoch, 4).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const expected = draws / 24;
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // The 0.9999 quantile of the chi-squared distribution with 23 degrees of freedom.
  expect(chiSquared).toBeLessThan(56.6);
});

test('a count that is not a whole number below 2^32 is a bug of the caller', () => {
  for (const count of [-1, 1.5, 2 ** 32, Number.NaN]) {
    expect(() => permutation(1, 0, count)).toThrow('invariant violated');
  }
});
