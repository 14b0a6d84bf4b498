/**
 * Asynchronous successive halving in its stopping variant, which `asha` is and `hyperband` is made of.
 *
 * Li et al., "A System for Massively Parallel Hyperparameter Tuning" (2018), with rungs after `minEpochs` * eta^k epochs. Nobody is
 * paused to be promoted later: a trial that reaches a rung goes on at once if it is among the best 1/eta of those that have
 * reached it by then, itself included, and is stopped for good otherwise.
 */
import { judgedCurve, stopNotFinite } from './judged-curve.ts';
import type { PruningRequest, Verdict } from './pruner.ts';

export interface HalvingSettings {
  /** Epochs before the first rung. */
  readonly minEpochs: number;
  /** Eta: one in so many goes on. */
  readonly reductionFactor: number;
}

/** Whether there is a rung after `epoch`. */
export function isRung(epoch: number, { minEpochs, reductionFactor }: HalvingSettings): boolean {
  let rung = minEpochs;
  while (rung < epoch) rung *= reductionFactor;
  return rung === epoch;
}

/** The verdict at a rung. While fewer than eta trials have reached it, the best of them goes on. Equals go on together. */
export function judgeAtRung(request: PruningRequest, { reductionFactor }: HalvingSettings): Verdict {
  const { epoch, loss, named, text } = judgedCurve(request);
  if (!Number.isFinite(loss)) return stopNotFinite(epoch);
  const rung = request.peers.after(epoch, 'all');
  const places = Math.max(1, Math.floor(rung.count / reductionFactor));
  const better = rung.countBelow(loss);
  const goesOn = better < places;
  const among = `the best ${String(places)} of ${String(rung.count)} trials after epoch ${String(epoch)}`;
  return goesOn
    ? { kind: 'continue', reason: `${named(loss)} is among ${among}` }
    : {
        kind: 'stop',
        reason: `${named(loss)} is not among ${among}, which end at ${text(rung.at(places - 1))}`,
      };
}
