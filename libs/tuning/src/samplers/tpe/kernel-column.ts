/**
 * One dimension of all kernels of a Parzen density: how likely each kernel makes a value.
 *
 * Countable values lie at few places, so what a kernel makes of a value is found once for each place and not for each kernel.
 */
import type { PhiloxStream } from '@weft/core';
import { cellAt, type Dimension } from './dimension.ts';
import { normalCdf } from './normal-cdf.ts';

/** What is the same for all kernels about points. */
export interface KernelShape {
  /** Standard deviation along a number, in the unit interval; that of the prior is 1. */
  readonly width: number;
  /** Probability that a choice has beside the point's own, before scaling to 1. */
  readonly smoothing: number;
}

const priorMiddle = 0.5;
const priorWidth = 1;
const rootOfTwoPi = Math.sqrt(2 * Math.PI);
/** A kernel has at least a third of its mass within the interval, so this many misses do not happen. */
const mostRedraws = 1000;

export class KernelColumn {
  readonly #dimension: Dimension;
  readonly #shape: KernelShape;
  /** The coordinate of each point. The prior, the kernel after the last point, has none. */
  readonly #middles: Float64Array;
  /** The distinct coordinates, where values can be counted, and which of them each point has. */
  readonly #places: Float64Array;
  readonly #placeOf: Uint32Array;

  constructor(dimension: Dimension, middles: Float64Array, shape: KernelShape) {
    this.#dimension = dimension;
    this.#shape = shape;
    this.#middles = middles;
    const places = new Map<number, number>();
    this.#placeOf = new Uint32Array(dimension.kind === 'continuous' ? 0 : middles.length);
    for (let kernel = 0; kernel < this.#placeOf.length; kernel++) {
      const middle = middles[kernel] ?? 0;
      const place = places.get(middle) ?? places.size;
      if (place === places.size) places.set(middle, place);
      this.#placeOf[kernel] = place;
    }
    this.#places = new Float64Array([...places.keys()]);
  }

  /** Divides the weight of each kernel by what of its mass lies outside the interval, and a constant of its width. */
  normalize(weights: Float64Array): void {
    if (this.#dimension.kind === 'choice') return;
    const { width } = this.#shape;
    const density = this.#dimension.kind === 'continuous' ? rootOfTwoPi : 0;
    const massOf = (middle: number, deviation: number): number =>
      normalMass(0, 1, middle, deviation) * (density === 0 ? 1 : density * deviation);
    for (let kernel = 0; kernel < weights.length; kernel++) {
      const middle = this.#middles[kernel];
      const mass = middle === undefined ? massOf(priorMiddle, priorWidth) : massOf(middle, width);
      weights[kernel] = (weights[kernel] ?? 0) / mass;
    }
  }

  /**
   * Takes a value into account: multiplies `products` by the probability that each kernel gives it, over that of a uniform draw, or,
   * for a continuous dimension, adds its squared distance from each kernel, in widths, to `squares`.
   */
  multiply(coordinate: number, products: Float64Array, squares: Float64Array): void {
    const points = this.#middles.length;
    if (this.#dimension.kind === 'continuous') {
      const scale = 1 / this.#shape.width;
      for (let kernel = 0; kernel < points; kernel++) {
        const distance = (coordinate - (this.#middles[kernel] ?? 0)) * scale;
        squares[kernel] = (squares[kernel] ?? 0) + distance * distance;
      }
      squares[points] = (squares[points] ?? 0) + ((coordinate - priorMiddle) / priorWidth) ** 2;
      return;
    }
    const atPlaces = this.#atPlaces(coordinate);
    for (let kernel = 0; kernel < points; kernel++)
      products[kernel] = (products[kernel] ?? 0) * (atPlaces[this.#placeOf[kernel] ?? 0] ?? 0);
    if (this.#dimension.kind === 'choice') return; // The prior is uniform.
    const { low, high } = cellAt(this.#dimension, coordinate);
    products[points] = ((products[points] ?? 0) * normalMass(low, high, priorMiddle, priorWidth)) / (high - low);
  }

  /** A coordinate drawn from one kernel; of a countable value, the middle of what belongs to it. */
  sample(kernel: number, stream: PhiloxStream): number {
    const middle = this.#middles[kernel];
    if (this.#dimension.kind === 'choice') {
      const { choices } = this.#dimension;
      const spread = (choices * this.#shape.smoothing) / (1 + choices * this.#shape.smoothing);
      const uniform = stream.below(choices);
      return middle === undefined || stream.uniform53() < spread ? uniform : middle;
    }
    const unit =
      middle === undefined
        ? sampleWithin(priorMiddle, priorWidth, stream)
        : sampleWithin(middle, this.#shape.width, stream);
    const { low, high } = cellAt(this.#dimension, unit);
    return (low + high) / 2;
  }

  /** What a kernel at each place makes of a countable value. */
  #atPlaces(coordinate: number): Float64Array {
    const { width, smoothing } = this.#shape;
    if (this.#dimension.kind === 'choice') {
      const { choices } = this.#dimension;
      const all = 1 + choices * smoothing;
      return this.#places.map((place) => (choices * (smoothing + (place === coordinate ? 1 : 0))) / all);
    }
    const { low, high } = cellAt(this.#dimension, coordinate);
    return this.#places.map((place) => normalMass(low, high, place, width) / (high - low));
  }
}

/** Mass of a normal between two numbers. */
function normalMass(low: number, high: number, middle: number, width: number): number {
  return normalCdf((high - middle) / width) - normalCdf((low - middle) / width);
}

/** A draw from a normal cut off at 0 and 1, by rejection. */
function sampleWithin(middle: number, width: number, stream: PhiloxStream): number {
  for (let draw = 0; draw < mostRedraws; draw++) {
    const unit = middle + width * stream.normal();
    if (unit >= 0 && unit <= 1) return unit;
  }
  return middle;
}
