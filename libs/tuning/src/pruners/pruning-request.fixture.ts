/** Requests made from curves in the plainest way, as a twin of what a course keeps. */
import type { Curve, Peers, Pruner, PruningRequest, RankedLosses } from './pruner.ts';

/** The request for a verdict on `trial`, from curves that are numbered from 0. */
export function requestOf(
  pruner: Pruner,
  curves: readonly Curve[],
  trial: number,
  { maxEpochs = 100, seed = 1 }: { readonly maxEpochs?: number; readonly seed?: number } = {},
): PruningRequest {
  const groupOf = (of: number): number => pruner.groupOf({ trial: of, maxEpochs, seed });
  const peers: Peers = {
    after: (epoch, among) =>
      ranked(
        curves
          .filter((curve) => groupOf(curve.trial) === groupOf(trial))
          .filter(({ state }) => among === 'all' || state === 'complete')
          .flatMap(({ losses }) => losses.slice(epoch - 1, epoch)),
      ),
  };
  return { trial, maxEpochs, seed, curves, peers };
}

/** Curves of complete trials, and last that of the trial in question. */
export function curvesOf(...losses: readonly (readonly number[])[]): Curve[] {
  return losses.map((curve, trial) => ({
    ...{ trial, losses: curve, state: trial === losses.length - 1 ? 'running' : 'complete' },
  }));
}

function ranked(losses: readonly number[]): RankedLosses {
  const sorted = losses
    .map((loss) => (Number.isFinite(loss) ? loss : Infinity))
    .sort((a, b) => (a < b ? -1 : Number(a > b)));
  return {
    count: sorted.length,
    at: (rank) => sorted[rank] ?? Infinity,
    countBelow: (loss) => sorted.filter((other) => other < loss).length,
  };
}
