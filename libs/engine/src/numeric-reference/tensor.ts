/** A float64 array with a shape, row-major. The twins never write to a tensor that they were given. */
export interface Tensor64 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** How many elements a tensor of `shape` has. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The sum of each column of a matrix whose rows have `columns` elements. */
export function columnSums(matrix: Float64Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < matrix.length; at++) sums[at % columns]! += matrix[at]!;
  return sums;
}
