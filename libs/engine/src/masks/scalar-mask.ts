/**
 * The scalar twin of the mask kernel: short enough to be checked by eye, and the definition of its bytes.
 */
import { philoxBlock } from '@weft/core';
import { groupLength, laneBits, type DropoutCounter } from './dropout-counter.ts';

const wordsPerGroup = groupLength / 32;

/**
 * Writes 1 to `out[i]` where the lane of element `offset + i` is below `threshold`, else 0.
 *
 * `threshold` is in [0, 2^16]. Compares lanes bit by bit from the most significant one, 32 elements a word, and stops as
 * soon as every element of the group is decided or the rest of the threshold is zero (then no open lane is below it).
 */
export function fillScalarMask(counter: DropoutCounter, threshold: number, out: Uint8Array, offset = 0): void {
  if (threshold >= 2 ** laneBits) {
    out.fill(1);
    return;
  }
  const block = new Uint32Array(wordsPerGroup);
  const kept = new Uint32Array(wordsPerGroup);
  const open = new Uint32Array(wordsPerGroup);
  const { counter1, counter2, counter3, key0, key1 } = counter;
  const firstGroup = Math.floor(offset / groupLength);
  for (let group = firstGroup; group * groupLength < offset + out.length; group++) {
    kept.fill(0);
    open.fill(0xffffffff);
    let rest = threshold;
    for (let j = 0; rest !== 0 && open.some((word) => word !== 0); j++) {
      philoxBlock(group * laneBits + j, counter1, counter2, counter3, key0, key1, block);
      const thresholdBit = (rest >>> (laneBits - 1)) & 1;
      rest = (rest << 1) & (2 ** laneBits - 1);
      for (let word = 0; word < wordsPerGroup; word++) {
        const laneBit = block[word]!;
        if (thresholdBit === 1) kept[word]! |= open[word]! & ~laneBit;
        open[word]! &= thresholdBit === 1 ? laneBit : ~laneBit;
      }
    }
    const first = group * groupLength - offset;
    const end = Math.min(groupLength, out.length - first);
    for (let r = Math.max(0, -first); r < end; r++) out[first + r] = (kept[r >>> 5]! >>> (r & 31)) & 1;
  }
}
