/**
 * Initial values of one variable, drawn from a Philox stream by the rules of Keras.
 *
 * Pure: the values are a function of the initializer, the shape and the stream alone. Computed in float64 and rounded once.
 */
import type { PhiloxStream } from '@weft/core';
import { fillOrthogonal } from './orthogonal.ts';

/** How a variable gets its first values. */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'truncatedNormal'; readonly mean: number; readonly deviation: number }
  | {
      readonly kind: 'varianceScaling';
      readonly scale: number;
      readonly mode: 'fanIn' | 'fanOut' | 'fanAvg';
      readonly distribution: 'uniform' | 'truncatedNormal';
    }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly gain: number };

/** Standard deviation of a standard normal cut at two deviations, by which Keras divides in variance scaling. */
const truncatedDeviation = 0.87962566103423978;

/** Writes the first values of a variable of `shape` to `out`, which has as many elements as the shape. */
export function fillInitial(
  initializer: Initializer,
  shape: readonly number[],
  stream: PhiloxStream,
  out: Float32Array,
): void {
  switch (initializer.kind) {
    case 'constant':
      out.fill(initializer.value);
      return;
    case 'uniform':
      fillUniform(initializer.low, initializer.high, stream, out);
      return;
    case 'normal':
      for (let i = 0; i < out.length; i++) out[i] = initializer.mean + initializer.deviation * stream.normal();
      return;
    case 'truncatedNormal':
      fillTruncated(initializer.mean, initializer.deviation, stream, out);
      return;
    case 'varianceScaling': {
      const { fanIn, fanOut } = fans(shape);
      const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[initializer.mode];
      const variance = initializer.scale / Math.max(1, fan);
      const limit = Math.sqrt(3 * variance);
      if (initializer.distribution === 'uniform') fillUniform(-limit, limit, stream, out);
      else fillTruncated(0, Math.sqrt(variance) / truncatedDeviation, stream, out);
      return;
    }
    case 'orthogonal':
      fillOrthogonal(initializer.gain, shape, stream, out);
      return;
    case 'identity':
      out.fill(0);
      for (let i = 0; i < (shape[0] ?? 0); i++) out[i * (shape[1] ?? 0) + i] = initializer.gain;
      return;
  }
}

/** Inputs and outputs of one unit, as Keras counts them: the window of a convolution multiplies both. */
function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const [first = 1] = shape;
  if (shape.length < 2) return { fanIn: first, fanOut: first };
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  return { fanIn: window * (shape.at(-2) ?? 1), fanOut: window * (shape.at(-1) ?? 1) };
}

function fillUniform(low: number, high: number, stream: PhiloxStream, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * stream.uniform();
}

/** Normal values, redrawn where they lie beyond two deviations. */
function fillTruncated(mean: number, deviation: number, stream: PhiloxStream, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    let value = stream.normal();
    while (Math.abs(value) > 2) value = stream.normal();
    out[i] = mean + deviation * value;
  }
}
