import { expect, test } from 'vitest';
import { estimate } from './interval.ts';

test.each([
  [[], undefined],
  [[0.5], { mean: 0.5, halfWidth: undefined, values: 1 }],
  [[1, 1, 1], { mean: 1, halfWidth: 0, values: 3 }],
])('the estimate of %j is %j', (values, expected) => {
  expect(estimate(values)).toEqual(expected);
});

test('the interval of three values is that of t with two degrees of freedom', () => {
  // Standard deviation 1, so 4.3027 / sqrt(3).
  expect(estimate([1, 2, 3])?.halfWidth).toBeCloseTo(2.4841, 3);
});

test('the interval goes on smoothly where the table ends', () => {
  const scaled = (count: number): number => {
    const values = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? -1 : 1));
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / (count - 1));
    return ((estimate(values)?.halfWidth ?? 0) / deviation) * Math.sqrt(count);
  };
  expect(scaled(30)).toBeCloseTo(2.0452, 3);
  // Of 39 and 119 degrees of freedom.
  expect(scaled(40)).toBeCloseTo(2.0227, 3);
  expect(scaled(120)).toBeCloseTo(1.9801, 3);
});
