import { judgedCurve, stopNotFinite } from './judged-curve.ts';
import type { Pruner, RankedLosses } from './pruner.ts';
import { isDue, type VerdictInterval } from './verdict-interval.ts';

export interface PercentileSettings extends VerdictInterval {
  /** Between 0 and 100: the best so many of a hundred go on. */
  readonly percentile: number;
  /** No trial is stopped before so many are complete. */
  readonly startupTrials: number;
}

/**
 * Stops a trial whose best loss so far is above the percentile, at the same epoch, of the complete trials.
 *
 * As Optuna's PercentilePruner: a trial that was good once and then got worse is kept. `percentile` 50 is the median stopping rule.
 */
export function percentilePruner(name: string, { percentile, startupTrials, ...when }: PercentileSettings): Pruner {
  const cut = percentile === 50 ? 'median' : `${String(percentile)}th percentile`;
  return {
    name,
    decidesAfter: (epoch) => isDue(epoch, when),
    groupOf: () => 0,
    judge(request) {
      const { epoch, losses, named, text, worse } = judgedCurve(request);
      const best = losses.reduce((least, loss) => (loss < least ? loss : least), Number.POSITIVE_INFINITY);
      if (best === Number.POSITIVE_INFINITY) return stopNotFinite(epoch);
      const complete = request.peers.after(1, 'complete').count;
      if (complete < startupTrials) {
        return {
          kind: 'continue',
          reason: `${String(complete)} of ${String(startupTrials)} trials are complete that it takes to compare`,
        };
      }
      const peers = request.peers.after(epoch, 'complete');
      if (peers.count === 0) return { kind: 'continue', reason: `no complete trial has an epoch ${String(epoch)}` };
      const limit = percentileOf(peers, percentile);
      const against = `the ${cut} ${text(limit)} of ${String(peers.count)} trials after epoch ${String(epoch)}`;
      return best > limit
        ? { kind: 'stop', reason: `${named(best)} is ${worse} ${against}` }
        : { kind: 'continue', reason: `${named(best)} is not ${worse} ${against}` };
    },
  };
}

/** By linear interpolation between the two nearest ranks. */
function percentileOf(losses: RankedLosses, percentile: number): number {
  const rank = (percentile / 100) * (losses.count - 1);
  const low = Math.floor(rank);
  const lower = losses.at(low);
  return rank === low || lower === Number.POSITIVE_INFINITY
    ? lower
    : lower + (rank - low) * (losses.at(low + 1) - lower);
}
