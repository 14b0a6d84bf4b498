import { PhiloxStream } from '@weft/core';
import { expect, test } from 'vitest';
import { symmetricEigen } from './symmetric-eigen.ts';

test.each([1, 2, 3, 7, 20])('a matrix of %d rows is put together again from its parts', (size) => {
  const stream = new PhiloxStream(size, 'simulation');
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      matrix[row * size + column] = matrix[column * size + row] = stream.normal() * 10 ** -column;
  const untouched = matrix.slice();
  const { values, vectors } = symmetricEigen(matrix, size);
  expect(matrix).toEqual(untouched);
  const product = (term: (axis: number) => number): number =>
    Array.from({ length: size }, (_, axis) => term(axis)).reduce((sum, part) => sum + part, 0);
  const at = (row: number, axis: number): number => vectors[row * size + axis] ?? 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      expect(product((axis) => at(row, axis) * (values[axis] ?? 0) * at(column, axis))).toBeCloseTo(
        matrix[row * size + column] ?? 0,
        12,
      );
      expect(product((axis) => at(row, axis) * at(column, axis))).toBeCloseTo(row === column ? 1 : 0, 12);
    }
  }
});
