import { PhiloxStream } from '@weft/core';
import type { CellObservation } from '../samplers/sampler.ts';
import type { SearchSpace } from '../space/parameter.ts';
import { explainedShares } from './explained-variance.ts';
import { growTree } from './regression-tree.ts';
import { drawResponses, responsesOf } from './responses.ts';

/** How much a parameter matters for the loss, over the whole space. */
export interface Importance {
  /** Of the variance of the loss: what the parameter explains by itself, in [0, 1]. */
  readonly share: number;
  /** Standard deviation of the share over the trees of the forest: how sure it is. */
  readonly deviation: number;
}

const trees = 48;
/** Responses that one tree is grown from, at most. */
const mostResponses = 512;
/** Sets the draws apart from those of samplers, which count from 0. */
const forestDraw = 0x4641_0000;

/**
 * The importance of each parameter, in the order of the space: functional analysis of variance over a random forest.
 *
 * Shares sum to at most 1; the rest is explained by parameters together. All are 0 where nothing can be said: too few cells have
 * a result, or all have the same. A conditional parameter is weighed over the whole space too, and matters only where it counts.
 * `seed` is that of the study, in [0, 2^48): equal arguments give equal numbers.
 */
export function parameterImportance(
  space: SearchSpace,
  observations: readonly CellObservation[],
  seed: number,
): ReadonlyMap<string, Importance> {
  const responses = responsesOf(space, observations);
  const grown = Array.from({ length: responses.length === 0 ? 0 : trees }, (_, tree) => {
    const stream = new PhiloxStream(seed, 'study', tree, forestDraw);
    return explainedShares(growTree(space, drawResponses(responses, mostResponses, stream), stream), space.length);
  }).filter((shares) => shares !== undefined);
  return new Map(space.map(({ name }, axis) => [name, summarize(grown.map((shares) => shares[axis] ?? 0))]));
}

function summarize(shares: readonly number[]): Importance {
  if (shares.length === 0) return { share: 0, deviation: 0 };
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { share: mean, deviation: Math.sqrt(squares / shares.length) };
}
