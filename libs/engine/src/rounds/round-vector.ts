import { invariant } from '@weft/core';
import type { Round } from './round-plan.ts';

/** Writes what `examples` rows give for a round into one vector; `valuesOf` gives a sum over them by its name. */
export function packRound(
  round: Round,
  isFirst: boolean,
  examples: number,
  valuesOf: (local: string) => Float32Array,
): Float32Array {
  const vector = new Float32Array(round.length);
  for (const { local, offset, length } of round.sums) {
    const values = valuesOf(local);
    invariant(values.length === length, `${local} has ${String(values.length)} values`);
    vector.set(values, offset);
  }
  // A whole number, and exact as long as a step has no more than 2^24 examples.
  if (isFirst) vector[round.length - 1] = examples;
  return vector;
}
