import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

test.each([
  [[5], 0.95, 5],
  [[3, 1, 2], 0.5, 2],
  [Array.from({ length: 200 }, (_, index) => index + 1), 0.95, 190],
  [[1, 2], 1, 2],
  [[1, 2], 0, 1],
])('of %j the quantile %d is %d', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});

test('nothing has no quantile', () => {
  expect(quantile([], 0.5)).toBeNaN();
});
