import type { LossName } from '../engine.ts';
import type { Tensor64 } from './tensor.ts';

/** The sum of losses over a batch, and its gradient with respect to the model's output. */
export interface LossPass {
  readonly loss: number;
  readonly correct: number;
  readonly gradient: Float64Array;
}

/**
 * The loss of `output` [count, ...], the model's own output. `targets` are class numbers for categorical cross-entropy. In
 * float64 the plain formulas are exact enough, so nothing is fused; `margin` is how far probabilities are kept from 0 and 1.
 */
export function lossOf(loss: LossName, output: Tensor64, targets: Int32Array | Float32Array, margin: number): LossPass {
  const count = output.shape[0] ?? 1;
  const width = output.values.length / count;
  const gradient = new Float64Array(output.values.length);
  let sum = 0;
  let correct = 0;
  for (let row = 0; row < count; row++) {
    const values = output.values.subarray(row * width, (row + 1) * width);
    const into = gradient.subarray(row * width, (row + 1) * width);
    if (loss === 'categoricalCrossentropy') {
      const chosen = targets[row]!;
      sum += categorical(values, chosen, margin, into);
      correct += largest(values) === chosen ? 1 : 0;
    } else {
      const wanted = targets.subarray(row * width, (row + 1) * width);
      sum += loss === 'meanSquaredError' ? squared(values, wanted, into) : binary(values, wanted, margin, into);
      if (loss === 'binaryCrossentropy' && width === 1) correct += values[0]! > 0.5 === wanted[0]! > 0.5 ? 1 : 0;
    }
  }
  return { loss: sum, correct, gradient };
}

function categorical(values: Float64Array, chosen: number, margin: number, gradient: Float64Array): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const share = values[chosen]! / sum;
  const clipped = Math.min(1 - margin, Math.max(margin, share));
  if (clipped === share) {
    for (let i = 0; i < values.length; i++) gradient[i] = 1 / sum;
    gradient[chosen]! -= 1 / values[chosen]!;
  }
  return -Math.log(clipped);
}

function binary(
  values: Float64Array,
  wanted: Int32Array | Float32Array,
  margin: number,
  gradient: Float64Array,
): number {
  let sum = 0;
  values.forEach((value, i) => {
    const p = Math.min(1 - margin, Math.max(margin, value));
    const z = wanted[i]!;
    sum -= (z * Math.log(p) + (1 - z) * Math.log(1 - p)) / values.length;
    if (p === value) gradient[i] = ((1 - z) / (1 - p) - z / p) / values.length;
  });
  return sum;
}

function squared(values: Float64Array, wanted: Int32Array | Float32Array, gradient: Float64Array): number {
  let sum = 0;
  values.forEach((value, i) => {
    const distance = value - wanted[i]!;
    sum += distance ** 2 / values.length;
    gradient[i] = (2 * distance) / values.length;
  });
  return sum;
}

function largest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
