import { expect, test } from 'vitest';
import { likelyClasses } from './likely-classes.ts';

test.each([
  ['the greatest first', [0.1, 0.7, 0.2], 2, [1, 2]],
  ['of equal ones the lower number first', [0.2, 0.4, 0.4], 3, [1, 2, 0]],
  ['no number is the least likely', [NaN, 0.1, 0.2], 3, [2, 1, 0]],
  ['all where there are fewer', [0.5, 0.5], 9, [0, 1]],
])('%s', (_, outputs, count, order) => {
  const classes = likelyClasses(Float32Array.from(outputs), undefined, count);
  expect(classes.map(({ index }) => index)).toEqual(order);
  expect(classes[0]?.name).toBe(`class ${String(order[0])}`);
});
