/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC11).
 *
 * A block of four 32-bit words is a pure function of a 128-bit counter and a 64-bit key, so any part of any stream can
 * be computed anywhere, in any order. Everything random in Weft (initial weights, data order, dropout masks) is one.
 */

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** The high 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowLow = aLow * bLow;
  const middle = aHigh * bLow + (lowLow >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Writes the block for (counter, key) to `out[at .. at + 4)`. All inputs are taken modulo 2^32. */
export function philoxBlock(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at = 0,
): void {
  let c0 = counter0 >>> 0;
  let c1 = counter1 >>> 0;
  let c2 = counter2 >>> 0;
  let c3 = counter3 >>> 0;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0) >>> 0;
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** What a stream of random words is for. Part of the key, so that no two uses ever share a word. */
export const streamPurposes = {
  initializer: 1,
  permutation: 2,
  dropout: 3,
  syntheticData: 4,
  study: 5,
  simulation: 6,
} as const;

export type StreamPurpose = keyof typeof streamPurposes;

/** Draws words, integers and uniforms in sequence from the stream (seed, purpose, a, b). */
export class PhiloxStream {
  readonly #block = new Uint32Array(4);
  readonly #seedLow: number;
  readonly #key1: number;
  readonly #a: number;
  readonly #b: number;
  #counter = 0;
  #next = 4;

  /**
   * `seed` is an integer in [0, 2^48). `a` and `b` are unsigned 32-bit coordinates of the stream (epoch, layer, and the
   * like). Streams that differ in any of the four never overlap within their first 2^34 words.
   */
  constructor(seed: number, purpose: StreamPurpose, a = 0, b = 0) {
    this.#seedLow = seed >>> 0;
    this.#key1 = ((Math.floor(seed / 0x1_0000_0000) & 0xffff) | (streamPurposes[purpose] << 16)) >>> 0;
    this.#a = a >>> 0;
    this.#b = b >>> 0;
  }

  /** The next unsigned 32-bit word. */
  word(): number {
    if (this.#next === 4) {
      philoxBlock(this.#counter++, 0, this.#a, this.#b, this.#seedLow, this.#key1, this.#block);
      this.#next = 0;
    }
    return this.#block[this.#next++] ?? 0;
  }

  /** A uniform in [0, 1) with 24 random bits, so that it is exact in float32. */
  uniform(): number {
    return (this.word() >>> 8) * 2 ** -24;
  }

  /** A uniform in [0, 1) with 53 random bits. */
  uniform53(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 0x400_0000 + low) * 2 ** -53;
  }

  /** A standard normal, by the Box-Muller transform (two uniforms a draw, the second value is not kept). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform53()));
    return radius * Math.cos(2 * Math.PI * this.uniform53());
  }

  /** An unbiased integer in [0, bound), 1 <= bound <= 2^32, by rejection. */
  below(bound: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    for (;;) {
      const word = this.word();
      if (word < limit) return word % bound;
    }
  }
}
