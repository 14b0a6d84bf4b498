/**
 * How a dropout mask is laid over Philox4x32-10: which key and counters belong to (seed, epoch, step, chunk, layer).
 *
 * Lanes of 16 random bits are stored *bit-sliced*: elements come in groups of 128, and block `16 * group + j` holds, for
 * each element of the group, bit `15 - j` of its lane (element r of the group in bit `r % 32` of word `r / 32`). The most
 * significant bits come first, so a comparison of 128 lanes with a threshold is decided after 8 or 9 blocks on
 * average, after one for a rate of 0.5, instead of always taking 16; and the outcome is that of whole lanes.
 */
import { invariant, streamPurposes, WeftError } from '@weft/core';

/** What a mask depends on besides its rate. Two masks whose keys differ in any field are independent. */
export interface DropoutKey {
  /** Seed of the run, an integer in [0, 2^48). */
  readonly seed: number;
  /** In [0, 2^20). */
  readonly epoch: number;
  /** Step within the epoch, in [0, 2^32). */
  readonly step: number;
  /** Chunk within the step, in [0, 2^32). */
  readonly chunk: number;
  /** Ordinal of the dropout layer in the model, in [0, 2^12). */
  readonly layer: number;
}

/** The five Philox inputs that stay the same over one mask; `counter0` is the number of the block. */
export interface DropoutCounter {
  readonly counter1: number;
  readonly counter2: number;
  readonly counter3: number;
  readonly key0: number;
  readonly key1: number;
}

/** Elements whose lanes share a run of blocks: the bits of one block. */
export const groupLength = 128;

/** Bits of a lane, hence blocks reserved for a group. */
export const laneBits = 16;

const layerBits = 12;

/** Packs a key into Philox's counter and key. */
export function dropoutCounter(key: DropoutKey): DropoutCounter {
  const inRange = (name: keyof DropoutKey, bits: number): number => {
    const value = key[name];
    const fits = Number.isInteger(value) && value >= 0 && value < 2 ** bits;
    // The message is not built for each mask: small masks take a microsecond.
    if (!fits) invariant(false, `dropout key: ${name} ${String(value)} must be an integer in [0, 2^${String(bits)})`);
    return value;
  };
  const seed = inRange('seed', 48);
  return {
    counter1: inRange('chunk', 32),
    counter2: inRange('step', 32),
    counter3: inRange('epoch', 32 - layerBits) * 2 ** layerBits + inRange('layer', layerBits),
    key0: seed >>> 0,
    key1: (Math.floor(seed / 2 ** 32) | (streamPurposes.dropout << 16)) >>> 0,
  };
}

/**
 * The number of lane values, out of 2^16, that keep an element: an element is kept where its lane is below it.
 *
 * So the probability to keep is `1 - rate` rounded to a multiple of 2^-16. Throws `invalid-argument` unless 0 <= rate < 1.
 */
export function keepThreshold(rate: number): number {
  if (!(rate >= 0 && rate < 1)) {
    throw new WeftError('invalid-argument', `dropout rate ${rate} must be at least 0 and less than 1`);
  }
  return Math.round((1 - rate) * 2 ** laneBits);
}
