import { judgedCurve, lossText, stopNotFinite } from './judged-curve.ts';
import type { Pruner } from './pruner.ts';
import { isDue, type VerdictInterval } from './verdict-interval.ts';

export interface ThresholdSettings extends VerdictInterval {
  readonly lower: number;
  readonly upper: number;
}

/** Stops a trial whose loss leaves [lower, upper] or is not finite. Losses are the objective turned so that lower is better. */
export function thresholdPruner({ lower, upper, ...when }: ThresholdSettings): Pruner {
  return {
    name: 'threshold',
    decidesAfter: (epoch) => isDue(epoch, when),
    groupOf: () => 0,
    judge(request) {
      const { epoch, loss } = judgedCurve(request);
      if (!Number.isFinite(loss)) return stopNotFinite(epoch);
      const after = `after epoch ${String(epoch)}`;
      if (loss > upper) return { kind: 'stop', reason: `loss ${lossText(loss)} is above ${lossText(upper)} ${after}` };
      if (loss < lower) return { kind: 'stop', reason: `loss ${lossText(loss)} is below ${lossText(lower)} ${after}` };
      return {
        kind: 'continue',
        reason: `loss ${lossText(loss)} is between ${lossText(lower)} and ${lossText(upper)} ${after}`,
      };
    },
  };
}
