/**
 * The dropout mask kernel (AssemblyScript): bit-sliced lanes of Philox4x32-10, four groups of 128 elements at a time.
 *
 * Twin and definition: `src/masks/scalar-mask.ts`; how lanes lie in blocks: `src/masks/dropout-counter.ts`.
 */

const multiplier0: u32 = 0xd2511f53;
const multiplier1: u32 = 0xcd9e8d57;
const weyl0: u32 = 0x9e3779b9;
const weyl1: u32 = 0xbb67ae85;

/** Stores 32 bytes, 1 or 0, for the bits of the 32-bit lane of `bits` whose bytes `lowBytes` and `highBytes` pick. */
function storeBits(out: usize, bits: v128, lowBytes: v128, highBytes: v128): void {
  const bitOfByte = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const one = i8x16.splat(1);
  v128.store(out, i8x16.min_u(v128.and(v128.swizzle(bits, lowBytes), bitOfByte), one));
  v128.store(out, i8x16.min_u(v128.and(v128.swizzle(bits, highBytes), bitOfByte), one), 16);
}

/**
 * Writes the mask of groups [firstGroup, firstGroup + groups) to `out`, one byte an element. `groups` is rounded up to a
 * multiple of four; `threshold` is in [0, 2^16).
 */
export function fillMask(
  out: usize,
  groups: u32,
  firstGroup: u32,
  threshold: u32,
  counter1: u32,
  counter2: u32,
  counter3: u32,
  key0: u32,
  key1: u32,
): void {
  const factor0 = i32x4.splat(multiplier0);
  const factor1 = i32x4.splat(multiplier1);
  const step0 = i32x4.splat(weyl0);
  const step1 = i32x4.splat(weyl1);
  for (let group: u32 = 0; group < groups; group += 4) {
    let block = i32x4.shl(i32x4.add(i32x4.splat(firstGroup + group), i32x4(0, 1, 2, 3)), 4);
    let kept0 = i32x4.splat(0);
    let kept1 = kept0;
    let kept2 = kept0;
    let kept3 = kept0;
    let open0 = i32x4.splat(-1);
    let open1 = open0;
    let open2 = open0;
    let open3 = open0;
    let rest = threshold << 16;
    while (rest != 0 && v128.any_true(v128.or(v128.or(open0, open1), v128.or(open2, open3)))) {
      let c0 = block;
      let c1 = i32x4.splat(counter1);
      let c2 = i32x4.splat(counter2);
      let c3 = i32x4.splat(counter3);
      let k0 = i32x4.splat(key0);
      let k1 = i32x4.splat(key1);
      for (let round = 0; round < 10; round++) {
        const low0 = i64x2.extmul_low_i32x4_u(c0, factor0);
        const high0 = i64x2.extmul_high_i32x4_u(c0, factor0);
        const low1 = i64x2.extmul_low_i32x4_u(c2, factor1);
        const high1 = i64x2.extmul_high_i32x4_u(c2, factor1);
        c0 = v128.xor(v128.xor(v128.shuffle<u32>(low1, high1, 1, 3, 5, 7), c1), k0);
        c1 = v128.shuffle<u32>(low1, high1, 0, 2, 4, 6);
        c2 = v128.xor(v128.xor(v128.shuffle<u32>(low0, high0, 1, 3, 5, 7), c3), k1);
        c3 = v128.shuffle<u32>(low0, high0, 0, 2, 4, 6);
        k0 = i32x4.add(k0, step0);
        k1 = i32x4.add(k1, step1);
      }
      if (rest & 0x80000000) {
        kept0 = v128.or(kept0, v128.andnot(open0, c0));
        kept1 = v128.or(kept1, v128.andnot(open1, c1));
        kept2 = v128.or(kept2, v128.andnot(open2, c2));
        kept3 = v128.or(kept3, v128.andnot(open3, c3));
        open0 = v128.and(open0, c0);
        open1 = v128.and(open1, c1);
        open2 = v128.and(open2, c2);
        open3 = v128.and(open3, c3);
      } else {
        open0 = v128.andnot(open0, c0);
        open1 = v128.andnot(open1, c1);
        open2 = v128.andnot(open2, c2);
        open3 = v128.andnot(open3, c3);
      }
      rest <<= 1;
      block = i32x4.add(block, i32x4.splat(1));
    }
    let lowBytes = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    for (let lane = 0; lane < 4; lane++) {
      const highBytes = i8x16.add(lowBytes, i8x16.splat(2));
      storeBits(out, kept0, lowBytes, highBytes);
      storeBits(out + 32, kept1, lowBytes, highBytes);
      storeBits(out + 64, kept2, lowBytes, highBytes);
      storeBits(out + 96, kept3, lowBytes, highBytes);
      lowBytes = i8x16.add(lowBytes, i8x16.splat(4));
      out += 128;
    }
  }
}
