import type { EpochResult, Objective } from '@weft/wire';

const figures: Readonly<Record<string, (epoch: EpochResult) => number>> = {
  'validation-accuracy': ({ validationAccuracy }) => validationAccuracy,
  'validation-loss': ({ validationLoss }) => validationLoss,
  accuracy: ({ accuracy }) => accuracy,
  loss: ({ loss }) => loss,
};

/** The figure of an epoch that the objective names; NaN where there is none or it is not finite. */
export function objectiveValue(objective: Objective | undefined, epoch: EpochResult): number {
  const value = figures[objective?.metric ?? '']?.(epoch) ?? Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * The objective after the last of `epochs`, turned so that lower is better: negated where it is to be maximized. NaN without
 * epochs, or where it is not finite. With `best_epoch` the lowest of all epochs that are finite. Zero has no sign.
 */
export function lossOf(
  definition: { readonly objective?: Objective | undefined },
  epochs: readonly EpochResult[],
): number {
  const { objective } = definition;
  const losses = epochs.map((epoch) => turned(objective, objectiveValue(objective, epoch)));
  if (objective?.bestEpoch !== true) return losses.at(-1) ?? Number.NaN;
  const finite = losses.filter(Number.isFinite);
  return finite.length === 0 ? Number.NaN : finite.reduce((best, loss) => Math.min(best, loss));
}

/** The objective of a loss of `lossOf`, in its own direction. */
export function valueOfLoss(definition: { readonly objective?: Objective | undefined }, loss: number): number {
  return turned(definition.objective, loss);
}

/** Its own inverse. Negative zero becomes zero: no store keeps it, and a loss that is read again must be the same. */
function turned(objective: Objective | undefined, value: number): number {
  return objective?.maximize === true ? 0 - value : 0 + value;
}
