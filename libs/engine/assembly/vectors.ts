/**
 * Exact vector primitives on float32 buffers (AssemblyScript): scaling, norms, and two passes over special values.
 *
 * Pointers are byte offsets, `n` counts elements. Twin: `src/optimizers/scalar-kernels.ts`, operation for operation.
 */

/** x *= factor. */
export function scale(x: usize, n: usize, factor: f32): void {
  const whole = x + (n & ~3) * 4;
  const end = x + n * 4;
  const factors = f32x4.splat(factor);
  for (; x < whole; x += 16) v128.store(x, f32x4.mul(v128.load(x), factors));
  for (; x < end; x += 4) store<f32>(x, load<f32>(x) * factor);
}

/** y += x * factor. `x` and `y` may be the same buffer. */
export function addScaled(y: usize, x: usize, n: usize, factor: f32): void {
  const whole = y + (n & ~3) * 4;
  const end = y + n * 4;
  const factors = f32x4.splat(factor);
  for (; y < whole; y += 16, x += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), factors)));
  }
  for (; y < end; y += 4, x += 4) store<f32>(y, load<f32>(y) + load<f32>(x) * factor);
}

/** x /= divisor. Returns whether every quotient is finite. */
export function divide(x: usize, n: usize, divisor: f32): bool {
  const whole = x + (n & ~7) * 4;
  const end = x + n * 4;
  const divisors = f32x4.splat(divisor);
  const exponent = i32x4.splat(0x7f800000);
  let special = i32x4.splat(0);
  for (; x < whole; x += 32) {
    const first = f32x4.div(v128.load(x), divisors);
    const second = f32x4.div(v128.load(x, 16), divisors);
    v128.store(x, first);
    v128.store(x, second, 16);
    special = v128.or(special, i32x4.eq(v128.and(first, exponent), exponent));
    special = v128.or(special, i32x4.eq(v128.and(second, exponent), exponent));
  }
  let finite = !v128.any_true(special);
  for (; x < end; x += 4) {
    const quotient = load<f32>(x) / divisor;
    store<f32>(x, quotient);
    finite = finite && (reinterpret<u32>(quotient) & 0x7f800000) != 0x7f800000;
  }
  return finite;
}

/**
 * The sum of squares in float64, in a fixed order: element i of the leading multiple of eight is added to lane i % 8; the
 * lanes are added as ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)); then the last n % 8 elements follow one by one.
 */
export function sumOfSquares(x: usize, n: usize): f64 {
  const whole = x + (n & ~7) * 4;
  const end = x + n * 4;
  let lanes01 = f64x2.splat(0);
  let lanes23 = lanes01;
  let lanes45 = lanes01;
  let lanes67 = lanes01;
  for (; x < whole; x += 32) {
    const first = v128.load(x);
    const second = v128.load(x, 16);
    const pair01 = f64x2.promote_low_f32x4(first);
    const pair23 = f64x2.promote_low_f32x4(v128.shuffle<u32>(first, first, 2, 3, 2, 3));
    const pair45 = f64x2.promote_low_f32x4(second);
    const pair67 = f64x2.promote_low_f32x4(v128.shuffle<u32>(second, second, 2, 3, 2, 3));
    lanes01 = f64x2.add(lanes01, f64x2.mul(pair01, pair01));
    lanes23 = f64x2.add(lanes23, f64x2.mul(pair23, pair23));
    lanes45 = f64x2.add(lanes45, f64x2.mul(pair45, pair45));
    lanes67 = f64x2.add(lanes67, f64x2.mul(pair67, pair67));
  }
  const sum01 = f64x2.extract_lane(lanes01, 0) + f64x2.extract_lane(lanes01, 1);
  const sum23 = f64x2.extract_lane(lanes23, 0) + f64x2.extract_lane(lanes23, 1);
  const sum45 = f64x2.extract_lane(lanes45, 0) + f64x2.extract_lane(lanes45, 1);
  const sum67 = f64x2.extract_lane(lanes67, 0) + f64x2.extract_lane(lanes67, 1);
  let sum = sum01 + sum23 + (sum45 + sum67);
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}

/** The number of the first element that is infinite or not a number, or `n`. */
export function firstNonFinite(x: usize, n: usize): usize {
  const start = x;
  const whole = x + (n & ~15) * 4;
  const end = x + n * 4;
  const exponent = i32x4.splat(0x7f800000);
  for (; x < whole; x += 64) {
    const first = i32x4.eq(v128.and(v128.load(x), exponent), exponent);
    const second = i32x4.eq(v128.and(v128.load(x, 16), exponent), exponent);
    const third = i32x4.eq(v128.and(v128.load(x, 32), exponent), exponent);
    const fourth = i32x4.eq(v128.and(v128.load(x, 48), exponent), exponent);
    if (v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) break;
  }
  for (; x < end; x += 4) {
    if ((load<u32>(x) & 0x7f800000) == 0x7f800000) break;
  }
  return (x - start) >> 2;
}

/** Subnormal elements become zero. */
export function flushSubnormals(x: usize, n: usize): void {
  const whole = x + (n & ~3) * 4;
  const end = x + n * 4;
  const smallestNormal = f32x4.splat(f32.MIN_NORMAL_VALUE);
  for (; x < whole; x += 16) {
    const values = v128.load(x);
    v128.store(x, v128.andnot(values, f32x4.lt(f32x4.abs(values), smallestNormal)));
  }
  for (; x < end; x += 4) {
    if (abs(load<f32>(x)) < f32.MIN_NORMAL_VALUE) store<f32>(x, 0);
  }
}
