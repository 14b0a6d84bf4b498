import fc from 'fast-check';
import { expect, test } from 'vitest';
import { haltonCoordinate } from './halton-sequence.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('of b^k points in a row that begin at a multiple of it, each of b^k equal intervals has one', () => {
  fc.assert(
    fc.property(
      seeds,
      fc.constantFrom([0, 2, 6], [1, 3, 4], [2, 5, 2], [5, 13, 1]),
      fc.nat(50),
      (seed, shape, block) => {
        const [dimension = 0, base = 0, digits = 0] = shape;
        const count = base ** digits;
        const points = Array.from({ length: count }, (_, at) => haltonCoordinate(seed, dimension, block * count + at));
        const intervals = points.map((point) => Math.floor(point * count)).sort((a, b) => a - b);
        expect(intervals).toEqual(points.map((_, at) => at));
      },
    ),
    { numRuns: 40 },
  );
});

test('seeds and dimensions have permutations of their own, and points are their own for ever', () => {
  const points = [0, 1, 2].flatMap((seed) => [0, 1, 7].map((dimension) => haltonCoordinate(seed, dimension, 3)));
  expect(new Set(points).size).toBe(points.length);
  expect(points.every((point) => point >= 0 && point < 1)).toBe(true);
  expect([0, 1, 2, 3].map((index) => haltonCoordinate(1, 1, index).toFixed(6))).toEqual([
    '0.206272',
    '0.539605',
    '0.872938',
    '0.317383',
  ]);
});

/** Squared L2-star discrepancy, by Warnock's formula: how far a set of points is from even. */
function discrepancy(points: readonly (readonly number[])[]): number {
  const size = points[0]?.length ?? 0;
  const product = (factors: readonly number[]): number => factors.reduce((all, factor) => all * factor, 1);
  const single = points.reduce((sum, point) => sum + product(point.map((x) => (1 - x * x) / 2)), 0);
  const pairs = points.reduce(
    (sum, a) => sum + points.reduce((inner, b) => inner + product(a.map((x, d) => 1 - Math.max(x, b[d] ?? 0))), 0),
    0,
  );
  return 3 ** -size - (2 / points.length) * single + pairs / points.length ** 2;
}

test('100 points in five dimensions are much more even than chance', () => {
  const mean = (2 ** -5 - 3 ** -5) / 100; // Of as many independent points, which is what chance gives on average.
  for (const seed of [1, 2, 3, 4, 5]) {
    const points = Array.from({ length: 100 }, (_, at) => [0, 1, 2, 3, 4].map((d) => haltonCoordinate(seed, d, at)));
    expect(discrepancy(points)).toBeLessThan(mean / 2);
  }
});
