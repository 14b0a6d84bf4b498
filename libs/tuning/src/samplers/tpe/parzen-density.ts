/**
 * A multivariate Parzen estimator over some parameters: one kernel for each point, and a wide one, the prior, over everything.
 *
 * A kernel is a product over dimensions. Numbers: a normal about the point, cut off at the ends of the interval; of countable values,
 * its probability of the value's part of the interval. Choices: most of the probability on the point's choice, some on all.
 * Bandwidths follow Optuna's TPESampler (multivariate): Scott's rule, 0.2 n^(-1/(d + 4)) of the range, but not narrower than
 * 1 / min(100, kernels + 1), "magic clipping", so that few points do not make the search blind elsewhere.
 */
import type { PhiloxStream } from '@weft/core';
import { cellAt, type Dimension } from './dimension.ts';
import { normalCdf } from './normal-cdf.ts';

/** A coordinate for each dimension. */
export type Point = readonly number[];

const scottFactor = 0.2;
const mostClipping = 100;
const rootOfTwoPi = Math.sqrt(2 * Math.PI);
/** A kernel has at least a third of its mass within the interval, so this many misses do not happen. */
const mostRedraws = 1000;

/** The mass within [0, 1] of a normal. */
function massWithin(middle: number, width: number): number {
  return normalCdf((1 - middle) / width) - normalCdf(-middle / width);
}

export class ParzenDensity {
  readonly #dimensions: readonly Dimension[];
  readonly #points: readonly Point[];
  /** Of the points in order, then the prior; they add up to 1. */
  readonly #weights: Float64Array;
  /** Weight of each kernel times the constant factors of its numeric dimensions. */
  readonly #factors: Float64Array;
  readonly #width: number;
  /** Probability that each kernel spreads over all choices of a dimension, before scaling to 1. */
  readonly #smoothing: number;

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
    this.#dimensions = dimensions;
    this.#points = points;
    this.#weights = Float64Array.from([...weights, priorWeight], (weight) => weight / sum);
    this.#width = Math.min(1, Math.max(scott, 1 / Math.min(mostClipping, 1 + kernels)));
    this.#smoothing = priorWeight / kernels;
    const priorFactor = 1 / (rootOfTwoPi * massWithin(0.5, 1));
    this.#factors = this.#weights.map((weight, kernel) => {
      const point = points[kernel];
      let factor = weight;
      dimensions.forEach(({ kind }, dimension) => {
        if (kind === 'choice') return;
        const middle = point?.[dimension];
        if (middle === undefined) factor *= kind === 'continuous' ? priorFactor : 1 / massWithin(0.5, 1);
        else {
          const mass = massWithin(middle, this.#width);
          factor /= kind === 'continuous' ? rootOfTwoPi * this.#width * mass : mass;
        }
      });
      return factor;
    });
  }

  /** A point drawn from the density. Coordinates of countable values are the middle of what belongs to the value. */
  sample(stream: PhiloxStream): Point {
    const chosen = stream.uniform53();
    let kernel = 0;
    for (let below = this.#weights[0] ?? 1; below <= chosen && kernel < this.#points.length;) {
      kernel++;
      below += this.#weights[kernel] ?? 1;
    }
    const point = this.#points[kernel];
    return this.#dimensions.map((dimension, ordinal) => {
      const middle = point?.[ordinal];
      if (dimension.kind === 'choice') return this.#sampleChoice(dimension.choices, middle, stream);
      const unit = sampleWithin(middle ?? 0.5, middle === undefined ? 1 : this.#width, stream);
      const cell = cellAt(dimension, unit);
      return (cell.low + cell.high) / 2;
    });
  }

  /** The density at a point, relative to the uniform one. Positive everywhere. */
  at(point: Point): number {
    const cells = this.#dimensions.map((dimension, ordinal) => cellAt(dimension, point[ordinal] ?? 0));
    let density = 0;
    for (let kernel = 0; kernel < this.#factors.length; kernel++) {
      const middles = this.#points[kernel];
      let exponent = 0;
      let product = this.#factors[kernel] ?? 0;
      for (let ordinal = 0; ordinal < this.#dimensions.length; ordinal++) {
        const dimension = this.#dimensions[ordinal];
        const coordinate = point[ordinal] ?? 0;
        const middle = middles?.[ordinal];
        if (dimension?.kind === 'choice') {
          product *= this.#choiceProbability(dimension.choices, middle, coordinate) * dimension.choices;
          continue;
        }
        const width = middle === undefined ? 1 : this.#width;
        if (dimension?.kind === 'continuous') exponent += ((coordinate - (middle ?? 0.5)) / width) ** 2;
        else product *= meanMass(cells[ordinal]?.low ?? 0, cells[ordinal]?.high ?? 1, middle ?? 0.5, width);
      }
      density += product * Math.exp(-exponent / 2);
    }
    return density;
  }

  #choiceProbability(choices: number, middle: number | undefined, choice: number): number {
    if (middle === undefined) return 1 / choices;
    return (this.#smoothing + (middle === choice ? 1 : 0)) / (1 + choices * this.#smoothing);
  }

  #sampleChoice(choices: number, middle: number | undefined, stream: PhiloxStream): number {
    const uniform = stream.below(choices);
    const spread = (choices * this.#smoothing) / (1 + choices * this.#smoothing);
    return middle === undefined || stream.uniform53() < spread ? uniform : middle;
  }
}

/** Mass of a normal on [low, high], over the length: how many times the mass of a uniform. */
function meanMass(low: number, high: number, middle: number, width: number): number {
  return (normalCdf((high - middle) / width) - normalCdf((low - middle) / width)) / (high - low);
}

/** A draw from a normal cut off at 0 and 1, by rejection. */
function sampleWithin(middle: number, width: number, stream: PhiloxStream): number {
  for (let draw = 0; draw < mostRedraws; draw++) {
    const unit = middle + width * stream.normal();
    if (unit >= 0 && unit <= 1) return unit;
  }
  return middle;
}
