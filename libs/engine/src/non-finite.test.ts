import { expect, test } from 'vitest';
import { firstNonFinite } from './non-finite.ts';

const lengths = [1, 15, 16, 17, 64, 100, 16_384, 16_385, 40_000];

test.each(lengths)('%d finite values have no non-finite one, however large or small they are', (length) => {
  const extremes = [3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0, 1];
  expect(firstNonFinite(Float32Array.from({ length }, (_, i) => extremes[i % extremes.length] ?? 0))).toBeUndefined();
});

test('no values have no non-finite one', () => {
  expect(firstNonFinite(new Float32Array(0))).toBeUndefined();
});

test.each(lengths)('the first of several non-finite values among %d is found wherever it is', (length) => {
  const kinds = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const positions = [0, 3, 15, 16, 47, 99, 16_383, 16_384, 39_999, length - 1].filter((at) => at < length);
  for (const [ordinal, position] of positions.entries()) {
    const values = new Float32Array(length).fill(1);
    values[length - 1] = Number.NaN;
    values[position] = kinds[ordinal % kinds.length] ?? Number.NaN;
    expect(firstNonFinite(values)).toBe(position);
  }
});

test('values that do not start at the beginning of their buffer are numbered from their own start', () => {
  const values = new Float32Array(100);
  values[37] = Number.NaN;
  expect(firstNonFinite(values.subarray(30))).toBe(7);
});
