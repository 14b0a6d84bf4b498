import { expect, test } from 'vitest';
import { median, ratioSpread, spreadOf } from './statistics.ts';

test('the median of an even number of values is the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([])).toBeNaN();
});

test('a spread has the median between the smallest and the largest value', () => {
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30, rounds: [30, 10, 20] });
  expect(spreadOf([])).toBeUndefined();
});

test('ratios are taken round by round, so a machine that slows down for both sides leaves them alone', () => {
  expect(ratioSpread([200, 100, 50], [100, 50, 25])).toEqual({ median: 2, min: 2, max: 2, rounds: [2, 2, 2] });
});

test('rounds that one side lacks give no ratio', () => {
  expect(ratioSpread([200, 100], [100])).toEqual({ median: 2, min: 2, max: 2, rounds: [2] });
  expect(ratioSpread([200], [])).toBeUndefined();
});
