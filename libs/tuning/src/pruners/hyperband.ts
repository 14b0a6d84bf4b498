/**
 * Hyperband: several brackets of successive halving side by side, which begin to stop trials earlier or later.
 *
 * Li et al., "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization" (2017). A trial belongs to a bracket by its
 * number and the seed of the study alone, in proportion to the number of configurations that Hyperband gives the bracket,
 * ceil((s_max + 1) / (s + 1) * eta^s); in bracket s the first rung is after minEpochs * eta^(s_max - s) epochs.
 */
import { PhiloxStream } from '@weft/core';
import type { Pruner, PruningSubject } from './pruner.ts';
import { isRung, judgeAtRung, type HalvingSettings } from './successive-halving.ts';

/** Sets its draws apart from those of samplers, which count from 0. */
const bracketDraw = 0x4842_0000;

export function hyperbandPruner(settings: HalvingSettings): Pruner {
  const rungsOf = (subject: PruningSubject): HalvingSettings => ({
    ...settings,
    minEpochs: settings.minEpochs * settings.reductionFactor ** bracketOf(subject, settings),
  });
  return {
    name: 'hyperband',
    decidesAfter: (epoch, subject) => isRung(epoch, rungsOf(subject)),
    groupOf: (subject) => bracketOf(subject, settings),
    judge(request) {
      const bracket = bracketOf(request, settings);
      const { kind, reason } = judgeAtRung(request, settings);
      return { kind, reason: `bracket ${String(bracket)}: ${reason}` };
    },
  };
}

/** How many rungs later than in the first bracket the trial meets its first one: s_max - s. */
function bracketOf({ trial, maxEpochs, seed }: PruningSubject, settings: HalvingSettings): number {
  const weights = bracketWeights(maxEpochs, settings);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let draw = new PhiloxStream(seed, 'study', trial, bracketDraw).below(total);
  return weights.findIndex((weight) => (draw -= weight) < 0);
}

/** From the bracket that stops earliest, s = s_max, to the one that stops none, s = 0. */
function bracketWeights(maxEpochs: number, { minEpochs, reductionFactor }: HalvingSettings): number[] {
  let last = 0;
  while (minEpochs * reductionFactor ** (last + 1) <= maxEpochs) last++;
  return Array.from({ length: last + 1 }, (_, bracket) => {
    const s = last - bracket;
    return Math.ceil(((last + 1) / (s + 1)) * reductionFactor ** s);
  });
}
