/**
 * A model that costs nothing: a contribution is a few float32 sums that depend on every example, on the parameters and on the
 * order of addition, so that bits differ as soon as an example is missing, used twice, stale or added in another order.
 */

/** Elements of a contribution that are computed; a longer one repeats them. */
export const baseElements = 6;

/** What one example adds. */
export interface ExampleTerm {
  readonly loss: number;
  readonly correct: number;
}

/** Adds the gradient of training example `example` to `into` in float32, and tells its loss and whether it is correct. */
export function addExample(example: number, parameters: Float32Array, into: Float32Array): ExampleTerm {
  let loss = 0;
  for (let element = 0; element < baseElements; element++) {
    const value = Math.fround(scatter(example, element) + Math.fround((parameters[element] ?? 0) * 0.0625));
    into[element] = (into[element] ?? 0) + value;
    loss += value * value;
  }
  return { loss, correct: Math.trunc(loss * 64) & 1 };
}

/** Loss and correct answers of evaluation chunk `chunk` of `count` examples, which depend on the parameters. */
export function evaluate(splitNumber: number, chunk: number, count: number, parameters: Float32Array): ExampleTerm {
  let loss = 0;
  for (let element = 0; element < baseElements; element++) {
    loss += ((parameters[element] ?? 0) - scatter(chunk * 2 + splitNumber, element)) ** 2;
  }
  return { loss: loss * count, correct: Math.trunc(loss * 16) % (count + 1) };
}

/** What parameters start from. */
export function initialParameters(seed: number, elements: number): Float32Array {
  return repeated(
    Float32Array.from({ length: baseElements }, (_, element) => scatter(seed + 977, element)),
    elements,
  );
}

/** `base` again and again, `elements` elements long. */
export function repeated(base: Float32Array, elements: number): Float32Array {
  const values = new Float32Array(elements);
  for (let at = 0; at < elements; at += baseElements) values.set(base.subarray(0, elements - at), at);
  return values;
}

/** The update: gradient descent with momentum, in place. */
export function applyMean(mean: Float32Array, parameters: Float32Array, velocity: Float32Array): void {
  for (let element = 0; element < mean.length; element++) {
    const speed = Math.fround(Math.fround((velocity[element] ?? 0) * 0.875) + (mean[element] ?? 0));
    velocity[element] = speed;
    parameters[element] = (parameters[element] ?? 0) - Math.fround(speed * 0.25);
  }
}

/** A float32 in [-0.5, 0.5) that looks random. */
function scatter(a: number, b: number): number {
  let word = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  word = Math.imul(word ^ (word >>> 12), 0x297a2d39);
  return Math.fround(((word ^ (word >>> 15)) >>> 8) * 2 ** -24 - 0.5);
}
