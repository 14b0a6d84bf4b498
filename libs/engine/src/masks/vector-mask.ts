/** The mask kernel: WebAssembly SIMD, about 0.1 to 1 ns an element; its bytes are those of `scalar-mask.ts`. */
import { createMemory, loadKernels } from '../kernels/kernel-module.ts';
import { masksBinary } from '../kernels/masks-binary.ts';
import { groupLength, laneBits, type DropoutCounter } from './dropout-counter.ts';

/** What `assembly/masks.ts` exports. */
interface MaskKernels {
  fillMask(
    out: number,
    groups: number,
    firstGroup: number,
    threshold: number,
    counter1: number,
    counter2: number,
    counter3: number,
    key0: number,
    key1: number,
  ): void;
}

/** Elements per call: small enough to stay in a level 1 or 2 cache on the way to `out`. */
const pieceLength = 32_768;

let loaded: { readonly kernels: MaskKernels; readonly piece: Uint8Array } | undefined;

function load(): NonNullable<typeof loaded> {
  const memory = createMemory(pieceLength);
  return {
    kernels: loadKernels(masksBinary, memory) as MaskKernels,
    piece: new Uint8Array(memory.buffer, 0, pieceLength),
  };
}

/** Writes 1 to `out[i]` where the lane of element `offset + i` is below `threshold` (in [0, 2^16]), else 0. */
export function fillVectorMask(counter: DropoutCounter, threshold: number, out: Uint8Array, offset = 0): void {
  if (threshold >= 2 ** laneBits) {
    out.fill(1);
    return;
  }
  const { kernels, piece } = (loaded ??= load());
  const { counter1, counter2, counter3, key0, key1 } = counter;
  // Groups are computed whole: `skipped` elements of the first one lie before the offset.
  let skipped = offset % groupLength;
  let firstGroup = (offset - skipped) / groupLength;
  for (let first = 0; first < out.length;) {
    const end = Math.min(pieceLength, skipped + out.length - first);
    const groups = Math.ceil(end / groupLength);
    kernels.fillMask(0, groups, firstGroup, threshold, counter1, counter2, counter3, key0, key1);
    out.set(skipped === 0 && end === pieceLength ? piece : piece.subarray(skipped, end), first);
    first += end - skipped;
    firstGroup += groups;
    skipped = 0;
  }
}
