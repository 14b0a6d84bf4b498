import { addInPlace, scalarArithmetic } from '@weft/core';
import { expect, test } from 'vitest';
import { addVectors, vectorArithmetic } from './vector-sum.ts';

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

test.each([0, 1, 5, 4095, 4096, 4097, 12_291])('%i elements are divided as core divides them', (length) => {
  for (const divisor of [1, 3, 128, 54_000]) {
    const [actual, expected] = [new Float32Array(length), new Float32Array(length)];
    const dividend = values(length, 1.7);
    expect(vectorArithmetic.divide(dividend, divisor, actual)).toBe(true);
    expect(scalarArithmetic.divide(dividend, divisor, expected)).toBe(true);
    expect(actual).toEqual(expected);
    expect(dividend).toEqual(values(length, 1.7));
  }
});

test.each([Infinity, -Infinity, NaN])('a quotient of %d is told, wherever it lies', (value) => {
  for (const at of [0, 4095, 4096, 8999]) {
    const dividend = values(9_000, 1.1);
    dividend[at] = value;
    const [actual, expected] = [new Float32Array(9_000), new Float32Array(9_000)];
    expect(vectorArithmetic.divide(dividend, 7, actual)).toBe(false);
    expect(scalarArithmetic.divide(dividend, 7, expected)).toBe(false);
    expect(actual).toEqual(expected);
  }
});
