import { createMemory } from './kernels/kernel-module.ts';
import { vectorKernels, type OptimizerKernels } from './optimizers/optimizer-kernels.ts';

/** Elements that are searched at a time. */
const pieceLength = 16_384;

let loaded: { readonly kernels: OptimizerKernels; readonly piece: Float32Array } | undefined;

function load(): NonNullable<typeof loaded> {
  const memory = createMemory(pieceLength * 4);
  return { kernels: vectorKernels(memory), piece: new Float32Array(memory.buffer, 0, pieceLength) };
}

/**
 * The number of the first element that is infinite or not a number, if there is one: the sign of a run that diverged.
 *
 * Costs about as much as copying `values`, which stay untouched and may be in any buffer.
 */
export function firstNonFinite(values: Float32Array): number | undefined {
  const { kernels, piece } = (loaded ??= load());
  for (let first = 0; first < values.length; first += pieceLength) {
    const length = Math.min(pieceLength, values.length - first);
    piece.set(values.subarray(first, first + length));
    const found = kernels.firstNonFinite(0, length);
    if (found < length) return first + found;
  }
  return undefined;
}
