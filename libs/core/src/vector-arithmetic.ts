/** Sums and quotients of float32 vectors, element by element. */
import { addInPlace } from './reduction-tree.ts';

/** Ways to compute them; all give the bits of `scalarArithmetic`. */
export interface VectorArithmetic {
  /** Adds `right` to `left` and returns `left`. Lengths are equal. */
  readonly add: (left: Float32Array, right: Float32Array) => Float32Array;
  /** Writes the quotients by `divisor`, each rounded to float32, to `into`, as long as `values` and possibly they; tells whether all are finite. */
  readonly divide: (values: Float32Array, divisor: number, into: Float32Array) => boolean;
}

/** One element after the other: what the others are compared with. */
export const scalarArithmetic: VectorArithmetic = { add: addInPlace, divide };

function divide(values: Float32Array, divisor: number, into: Float32Array): boolean {
  let trace = 0;
  for (let i = 0; i < into.length; i++) {
    const quotient = Math.fround((values[i] as number) / divisor);
    into[i] = quotient;
    trace += quotient * 0;
  }
  return trace === 0;
}
