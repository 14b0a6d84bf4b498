import type { PhiloxStream } from '@weft/core';

/**
 * Writes `gain` times a random matrix with orthonormal rows or columns, whichever are fewer, after Saxe et al., "Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks" (2013). `shape` is taken as a matrix
 * whose columns are its last dimension. Gram-Schmidt, done twice for each vector, gives the unique factor with positive diagonal.
 */
export function fillOrthogonal(gain: number, shape: readonly number[], stream: PhiloxStream, out: Float32Array): void {
  const columns = shape.at(-1) ?? 1;
  const rows = out.length / columns;
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let index = 0; index < Math.min(rows, columns); index++) {
    const vector = Float64Array.from({ length }, () => stream.normal());
    for (const earlier of [...vectors, ...vectors]) {
      const along = dot(vector, earlier);
      for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) - along * (earlier[i] ?? 0);
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  vectors.forEach((vector, index) => {
    vector.forEach((value, position) => {
      const at = rows < columns ? index * columns + position : position * columns + index;
      out[at] = gain * value;
    });
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
