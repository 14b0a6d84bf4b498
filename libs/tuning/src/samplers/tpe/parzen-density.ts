/**
 * A multivariate Parzen estimator over some parameters: one kernel for each point, and a wide one, the prior, over everything.
 *
 * A kernel is a product over dimensions. Numbers: a normal about the point, cut off at the ends of the interval; of countable values,
 * its probability of the value's part of the interval. Choices: most of the probability on the point's choice, some on all.
 * Bandwidths follow Optuna's TPESampler (multivariate): Scott's rule, 0.2 n^(-1/(d + 4)) of the range, but not narrower than
 * 1 / min(100, kernels + 1), "magic clipping", so that few points do not make the search blind elsewhere.
 */
import type { PhiloxStream } from '@weft/core';
import type { Dimension } from './dimension.ts';
import { KernelColumn } from './kernel-column.ts';

/** A coordinate for each dimension. */
export type Point = readonly number[];

const scottFactor = 0.2;
const mostClipping = 100;

export class ParzenDensity {
  readonly #columns: readonly KernelColumn[];
  /** Of the points in order, then the prior; they add up to 1. */
  readonly #weights: Float64Array;
  /** Weight of each kernel times the constant factors of its dimensions. */
  readonly #factors: Float64Array;
  readonly #products: Float64Array;
  readonly #squares: Float64Array;

  /** `weights` are those of `points`, positive; that of the prior is `priorWeight`, positive. */
  constructor(
    dimensions: readonly Dimension[],
    points: readonly Point[],
    weights: readonly number[],
    priorWeight: number,
  ) {
    const kernels = points.length + 1;
    const sum = weights.reduce((total, weight) => total + weight, priorWeight);
    const scott = scottFactor * Math.max(1, points.length) ** (-1 / (dimensions.length + 4));
    const shape = {
      width: Math.min(1, Math.max(scott, 1 / Math.min(mostClipping, 1 + kernels))),
      smoothing: priorWeight / kernels,
    };
    this.#columns = dimensions.map((dimension, ordinal) => {
      const middles = new Float64Array(points.map((point) => point[ordinal] ?? 0));
      return new KernelColumn(dimension, middles, shape);
    });
    this.#weights = new Float64Array([...weights, priorWeight].map((weight) => weight / sum));
    this.#factors = this.#weights.slice();
    for (const column of this.#columns) column.normalize(this.#factors);
    this.#products = new Float64Array(kernels);
    this.#squares = new Float64Array(kernels);
  }

  /** A point drawn from the density. Coordinates of countable values are the middle of what belongs to the value. */
  sample(stream: PhiloxStream): Point {
    const chosen = stream.uniform53();
    let kernel = 0;
    for (let below = this.#weights[0] ?? 1; below <= chosen && kernel < this.#weights.length - 1;) {
      kernel++;
      below += this.#weights[kernel] ?? 1;
    }
    return this.#columns.map((column) => column.sample(kernel, stream));
  }

  /** The density at a point, relative to the uniform one. Positive everywhere. */
  at(point: Point): number {
    const [products, squares] = [this.#products, this.#squares];
    products.set(this.#factors);
    squares.fill(0);
    this.#columns.forEach((column, ordinal) => column.multiply(point[ordinal] ?? 0, products, squares));
    let density = 0;
    for (let kernel = 0; kernel < products.length; kernel++)
      density += (products[kernel] ?? 0) * Math.exp((squares[kernel] ?? 0) / -2);
    return density;
  }
}
