/**
 * How much of a tree's variance over the whole space each parameter explains by itself.
 *
 * Functional analysis of variance after Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter
 * Importance" (2014): a tree is constant on boxes, so its marginal on one axis, averaged over all others, is a step function, and
 * its variance a finite sum. Nothing is sampled.
 */
import { measureOf, type Region } from './box.ts';
import type { Leaf } from './regression-tree.ts';

/** Shares of the variance, by axis, of a tree with these leaves; `undefined` where the tree is constant. They sum to at most 1. */
export function explainedShares(leaves: readonly Leaf[], axes: number): number[] | undefined {
  const volumes = leaves.map(({ box }) => box.reduce((volume, region) => volume * measureOf(region), 1));
  const mean = leaves.reduce((sum, { loss }, leaf) => sum + loss * (volumes[leaf] ?? 0), 0);
  const variance = leaves.reduce((sum, { loss }, leaf) => sum + (loss - mean) ** 2 * (volumes[leaf] ?? 0), 0);
  // Losses are between 0 and 1; equal ones differ from their mean by rounding only.
  if (variance < 1e-24) return undefined;
  return Array.from({ length: axes }, (_, axis) => {
    const parts = leaves.flatMap(({ box, loss }, leaf) => {
      const region = box[axis];
      const volume = volumes[leaf] ?? 0;
      return region === undefined || volume === 0
        ? []
        : [{ region, weighed: ((loss - mean) * volume) / measureOf(region) }];
    });
    return marginalVariance(parts) / variance;
  });
}

/** A leaf as one axis sees it: its deviation from the mean, times its share of all other axes. */
interface Part {
  readonly region: Region;
  readonly weighed: number;
}

/** The mean square of the sum of the parts that cover a point, over all points of the axis. */
function marginalVariance(parts: readonly Part[]): number {
  const choices = new Map<number, number>();
  const changes: { at: number; by: number }[] = [];
  let atom = 0;
  for (const { region, weighed } of parts) {
    if (region.kind === 'interval') changes.push({ at: region.low, by: weighed }, { at: region.high, by: -weighed });
    else {
      atom = 1 / region.of;
      for (const ordinal of region.ordinals) choices.set(ordinal, (choices.get(ordinal) ?? 0) + weighed);
    }
  }
  let variance = 0;
  for (const marginal of choices.values()) variance += atom * marginal * marginal;
  changes.sort((a, b) => a.at - b.at);
  let [marginal, from] = [0, 0];
  for (const { at, by } of changes) {
    variance += (at - from) * marginal * marginal;
    marginal += by;
    from = at;
  }
  return variance;
}
