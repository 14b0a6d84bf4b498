import { addInPlace, invariant, type VectorArithmetic } from '@weft/core';
import { createMemory } from './kernels/kernel-module.ts';
import { vectorKernels, type OptimizerKernels } from './optimizers/optimizer-kernels.ts';

/** Elements that are worked on at a time: both operands of a piece stay in the processor's first cache. */
const pieceLength = 4096;

let loaded:
  { readonly kernels: OptimizerKernels; readonly left: Float32Array; readonly right: Float32Array } | undefined;

function load(): NonNullable<typeof loaded> {
  const memory = createMemory(2 * pieceLength * 4);
  return {
    kernels: vectorKernels(memory),
    left: new Float32Array(memory.buffer, 0, pieceLength),
    right: new Float32Array(memory.buffer, pieceLength * 4, pieceLength),
  };
}

/**
 * Core's `addInPlace` with vector instructions, to the bit: adds `right` to `left` in float32 and returns `left`. The two may
 * be in any buffers, shared ones included. At least twice as fast.
 */
export function addVectors(left: Float32Array, right: Float32Array): Float32Array {
  invariant(left.length === right.length, `lengths differ: ${String(left.length)} and ${String(right.length)}`);
  if (left.length < pieceLength) return addInPlace(left, right);
  const piece = (loaded ??= load());
  for (let first = 0; first < left.length; first += pieceLength) {
    const length = Math.min(pieceLength, left.length - first);
    const part = left.subarray(first, first + length);
    piece.left.set(part);
    piece.right.set(right.subarray(first, first + length));
    piece.kernels.addScaled(0, pieceLength * 4, length, 1);
    part.set(length === pieceLength ? piece.left : piece.left.subarray(0, length));
  }
  return left;
}

/**
 * Quotients by `divisor` with vector instructions, each rounded to float32, written to `into`; tells whether all are finite. The two
 * may be in any buffers.
 */
function divideVectors(values: Float32Array, divisor: number, into: Float32Array): boolean {
  invariant(values.length === into.length, `lengths differ: ${String(values.length)} and ${String(into.length)}`);
  const piece = (loaded ??= load());
  let isFinite = true;
  for (let first = 0; first < values.length; first += pieceLength) {
    const length = Math.min(pieceLength, values.length - first);
    piece.left.set(values.subarray(first, first + length));
    if (piece.kernels.divide(0, length, divisor) !== 1) isFinite = false;
    into.set(piece.left.subarray(0, length), first);
  }
  return isFinite;
}

/** Core's arithmetic on vectors, to the bit. */
export const vectorArithmetic: VectorArithmetic = { add: addVectors, divide: divideVectors };
