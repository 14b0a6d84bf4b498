import { addInPlace } from '@weft/core';
import { expect, test } from 'vitest';
import { addVectors } from './vector-sum.ts';

const values = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * seed) * 2 ** (((i * 7) % 61) - 30));

test.each([0, 1, 5, 4095, 4096, 4097, 12_291])('%i elements are added as core adds them', (length) => {
  const [left, right] = [values(length, 1.3), values(length, 2.9)];
  const expected = addInPlace(left.slice(), right);
  expect(addVectors(left, right)).toBe(left);
  expect(left).toEqual(expected);
  expect(right).toEqual(values(length, 2.9));
});

test('what is not finite is added too, and neighbours in the buffer stay as they are', () => {
  const around = values(9_000, 1.1);
  const expected = around.slice();
  const right = new Float32Array(5_000).fill(1);
  right.set([Infinity, NaN, -Infinity], 4_090);
  addVectors(around.subarray(2_001, 7_001), right);
  addInPlace(expected.subarray(2_001, 7_001), right);
  expect(around).toEqual(expected);
  expect(around.subarray(6_091, 6_094)).toEqual(Float32Array.of(Infinity, NaN, -Infinity));
});

test('different lengths are a bug of the caller', () => {
  expect(() => addVectors(new Float32Array(3), new Float32Array(4))).toThrow('lengths differ');
});
