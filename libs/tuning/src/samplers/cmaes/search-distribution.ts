/**
 * The search distribution of CMA-ES and its update: N. Hansen, "The CMA Evolution Strategy: A Tutorial" (arXiv:1604.00772), with
 * positive weights only.
 *
 * Cells need not come from the distribution that they update (parallel ones are drawn before it is known): their steps are shortened
 * to what is usual, as in N. Hansen, "Injecting external solutions into CMA-ES" (arXiv:1110.4181).
 */
import { symmetricEigen } from './symmetric-eigen.ts';

/** Coordinates in the unit cube. */
export type Vector = readonly number[];

/** A normal distribution with mean `mean` and covariance stepSize^2 C, and what its updates remember. */
export interface SearchDistribution {
  readonly generation: number;
  /** Cells that make the next one. */
  readonly population: number;
  readonly mean: Vector;
  readonly stepSize: number;
  /** C, row by row; C = B diag(scales^2) B^T, with the axes as columns of B. */
  readonly covariance: Float64Array;
  readonly axes: Float64Array;
  readonly scales: Vector;
  readonly stepPath: Vector;
  readonly covariancePath: Vector;
}

/** A round distribution about `mean`. */
export function roundDistribution(mean: Vector, stepSize: number, population: number): SearchDistribution {
  const size = mean.length;
  const identity = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  const zeros = mean.map(() => 0);
  return {
    ...{ generation: 0, population, mean, stepSize, covariance: identity, axes: identity },
    ...{ scales: mean.map(() => 1), stepPath: zeros, covariancePath: zeros },
  };
}

/** A point for the standard normal vector `normals`: mean + stepSize B diag(scales) normals. */
export function pointAt({ mean, stepSize, axes, scales }: SearchDistribution, normals: Vector): number[] {
  const scaled = normals.map((normal, axis) => normal * (scales[axis] ?? 0));
  return mean.map((middle, row) => middle + stepSize * dotRow(axes, row, scaled));
}

/** The distribution after a generation of points, the best first, `population` of them. */
export function nextDistribution(distribution: SearchDistribution, ranked: readonly Vector[]): SearchDistribution {
  const { mean, stepSize, axes, scales, generation, population } = distribution;
  const size = mean.length;
  const weights = recombinationWeights(population);
  const effective = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
  const stepRate = (effective + 2) / (size + effective + 5);
  const damping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (size + 1)) - 1) + stepRate;
  const pathRate = (4 + effective / size) / (size + 4 + (2 * effective) / size);
  const rankOneRate = 2 / ((size + 1.3) ** 2 + effective);
  const rankManyRate = Math.min(1 - rankOneRate, (2 * (effective - 2 + 1 / effective)) / ((size + 2) ** 2 + effective));
  const usualLength = Math.sqrt(size) * (1 - 1 / (4 * size) + 1 / (21 * size * size));

  // C^(-1/2) v, of which only the length along the axes matters here: B diag(1 / scales) B^T v.
  const whitened = (vector: Vector): number[] => {
    const along = scales.map((scale, axis) => dotColumn(axes, axis, vector) / scale);
    return vector.map((_, row) => dotRow(axes, row, along));
  };
  const longest = Math.sqrt(size) + (2 * size) / (size + 2);
  const steps = weights.map((_, rank) => {
    const step = mean.map((middle, row) => ((ranked[rank]?.[row] ?? middle) - middle) / stepSize);
    const length = lengthOf(whitened(step));
    return length > longest ? step.map((part) => (part * longest) / length) : step;
  });
  const mixed = mean.map((_, row) =>
    weights.reduce((sum, weight, rank) => sum + weight * (steps[rank]?.[row] ?? 0), 0),
  );

  const stepGain = Math.sqrt(stepRate * (2 - stepRate) * effective);
  const direction = whitened(mixed);
  const stepPath = distribution.stepPath.map((part, row) => (1 - stepRate) * part + stepGain * (direction[row] ?? 0));
  const pathLength = lengthOf(stepPath);
  const settled = Math.sqrt(1 - (1 - stepRate) ** (2 * (generation + 1)));
  const moves = pathLength / settled < (1.4 + 2 / (size + 1)) * usualLength;
  const pathGain = moves ? Math.sqrt(pathRate * (2 - pathRate) * effective) : 0;
  const path = distribution.covariancePath.map((part, row) => (1 - pathRate) * part + pathGain * (mixed[row] ?? 0));

  const lost = moves ? 0 : pathRate * (2 - pathRate);
  const kept = 1 + rankOneRate * lost - rankOneRate - rankManyRate;
  const covariance = distribution.covariance.map((entry, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    const spread = weights.reduce(
      (sum, weight, rank) => sum + weight * (steps[rank]?.[row] ?? 0) * (steps[rank]?.[column] ?? 0),
      0,
    );
    return kept * entry + rankOneRate * (path[row] ?? 0) * (path[column] ?? 0) + rankManyRate * spread;
  });
  const eigen = symmetricEigen(covariance, size);
  return {
    ...{ generation: generation + 1, population, covariance, axes: eigen.vectors, stepPath, covariancePath: path },
    mean: mean.map((middle, row) => Math.min(1, Math.max(0, middle + stepSize * (mixed[row] ?? 0)))),
    // A step is never wider than the cube.
    stepSize: Math.min(1, stepSize * Math.exp((stepRate / damping) * (pathLength / usualLength - 1))),
    scales: Array.from(eigen.values, (value) => Math.sqrt(Math.max(value, leastVariance))),
  };
}

/** Keeps an axis along which every cell is alike, as those of an integer can be, from having no length at all. */
const leastVariance = 1e-20;

/** Weights of the better half of a generation, falling with the logarithm of the rank; they add up to 1. */
function recombinationWeights(population: number): number[] {
  const raw = Array.from(
    { length: Math.floor(population / 2) },
    (_, rank) => Math.log((population + 1) / 2) - Math.log(rank + 1),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

function lengthOf(vector: Vector): number {
  return Math.sqrt(vector.reduce((sum, part) => sum + part * part, 0));
}

function dotRow(matrix: Float64Array, row: number, vector: Vector): number {
  return vector.reduce((sum, part, column) => sum + part * (matrix[row * vector.length + column] ?? 0), 0);
}

function dotColumn(matrix: Float64Array, column: number, vector: Vector): number {
  return vector.reduce((sum, part, row) => sum + part * (matrix[row * vector.length + column] ?? 0), 0);
}
