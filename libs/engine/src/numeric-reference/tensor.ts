/** A float64 array with a shape, row-major. The twins never write to a tensor that they were given. */
export interface Tensor64 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** How many elements a tensor of `shape` has. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** out[i, j] += sum over k of a[i, k] * b[k, j], for `a` [rows, inner] and `b` [inner, columns]. */
export function addProduct(a: Float64Array, b: Float64Array, out: Float64Array, rows: number, inner: number): void {
  const columns = b.length / inner;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k]!;
      if (factor === 0) continue;
      const from = k * columns;
      const to = i * columns;
      for (let j = 0; j < columns; j++) out[to + j]! += factor * b[from + j]!;
    }
  }
}

/** The transpose of a matrix of `rows` rows. */
export function transposed(matrix: Float64Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const result = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j]!;
  }
  return result;
}

/** The sum of each column of a matrix whose rows have `columns` elements. */
export function columnSums(matrix: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < matrix.length; at++) sums[at % columns]! += matrix[at]!;
  return sums;
}
