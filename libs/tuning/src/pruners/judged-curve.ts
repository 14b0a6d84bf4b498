import { invariant } from '@weft/core';
import type { PruningRequest, Verdict } from './pruner.ts';

/** The trial in question at the end of its last epoch, and verdicts on it. */
export interface JudgedCurve {
  readonly losses: readonly number[];
  readonly epoch: number;
  /** Of its last epoch. */
  readonly loss: number;
  /** A loss in the words of people: `loss 0.61`, or `objective 0.82` where that is maximized. */
  readonly named: (loss: number) => string;
  /** The number alone. */
  readonly text: (loss: number) => string;
  /** Where worse ones are. */
  readonly worse: 'above' | 'below';
}

/** Finds the trial in question among the curves. It has ended an epoch. */
export function judgedCurve({ curves, trial, maximize = false }: PruningRequest): JudgedCurve {
  const losses = curves[trial]?.losses ?? [];
  const loss = losses.at(-1);
  invariant(loss !== undefined, `trial ${String(trial)} is judged before its first epoch`);
  const text = (of: number): string => lossText(maximize ? -of : of);
  return {
    ...{ losses, epoch: losses.length, loss, text },
    named: (of) => `${maximize ? 'objective' : 'loss'} ${text(of)}`,
    worse: maximize ? 'below' : 'above',
  };
}

/** A loss as reasons say it: four digits that count. */
export function lossText(loss: number): string {
  return Number.isFinite(loss) ? String(Number(loss.toPrecision(4))) : 'not finite';
}

/** The verdict on a loss that is not finite, which every pruner that compares losses shares. */
export function stopNotFinite(epoch: number): Verdict {
  return { kind: 'stop', reason: `the loss is not finite after epoch ${String(epoch)}` };
}
