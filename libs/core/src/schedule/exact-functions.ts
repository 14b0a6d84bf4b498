/**
 * Powers and a cosine from operations that IEEE 754 defines to the last bit: `Math.pow` and `Math.cos` may differ between platforms
 * and versions, sums, products and square roots may not.
 */

/** `base` to a whole power of at least 0, by repeated squaring. */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** `base`, above 0, to a power of at least 0: the binary digits of the fraction choose among repeated square roots. */
export function realPower(base: number, exponent: number): number {
  const whole = Math.floor(exponent);
  let result = integerPower(base, whole);
  let root = base;
  for (let rest = exponent - whole; rest > 0; rest %= 1) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest >= 1) result *= root;
  }
  return result;
}

/** The cosine of `turns` half turns, from 0 to 1: that of the angle pi * `turns`. Exact at 0, 1/2 and 1. */
export function halfTurnCosine(turns: number): number {
  if (turns > 0.5) return -halfTurnCosine(1 - turns);
  if (turns > 0.25) return seriesFrom(Math.PI * (0.5 - turns), 1);
  return seriesFrom(Math.PI * turns, 0);
}

/** Terms of the series of sine (`first` 1) or cosine (`first` 0), for an angle up to pi/4: the next one is below 2^-60. */
const terms = 9;

function seriesFrom(angle: number, first: 0 | 1): number {
  let term = first === 0 ? 1 : angle;
  let sum = 0;
  const addends: number[] = [];
  for (let count = 0; count < terms; count++) {
    addends.push(term);
    const power = first + 2 * count;
    term *= (-angle * angle) / ((power + 1) * (power + 2));
  }
  // Small ones first, so that their digits count.
  for (const addend of addends.reverse()) sum += addend;
  return sum;
}
