/** Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's cyclic rotations: slow for large ones, exact for ill-conditioned. */

/** A = V diag(values) V^T: `vectors` has the eigenvectors as columns, in the order of `values`; row by row, like the matrix. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

const mostSweeps = 60;
const negligible = 1e-30;

/** `matrix` has `size` rows of `size`, and stays untouched. */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const rotated = matrix.slice();
  const vectors = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let outside = 0;
    let total = 0;
    rotated.forEach((entry, at) => {
      total += entry * entry;
      if (at % (size + 1) !== 0) outside += entry * entry;
    });
    if (outside <= negligible * total) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(rotated, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => rotated[i * (size + 1)] ?? 0), vectors };
}

/** Makes the entry (p, q) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const entry = matrix[p * size + q] ?? 0;
  if (entry === 0) return;
  const theta = ((matrix[q * size + q] ?? 0) - (matrix[p * size + p] ?? 0)) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (const [target, stride, step] of [
    [matrix, 1, size],
    [matrix, size, 1],
    [vectors, 1, size],
  ] as const) {
    // Columns p and q (stride 1), or rows (stride `size`), of which there are `size` entries each.
    for (let at = 0; at < size; at++) {
      const first = target[p * stride + at * step] ?? 0;
      const second = target[q * stride + at * step] ?? 0;
      target[p * stride + at * step] = cosine * first - sine * second;
      target[q * stride + at * step] = sine * first + cosine * second;
    }
  }
}
