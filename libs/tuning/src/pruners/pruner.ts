/** The port of pruners: whether a trial goes on, as a pure function of the curves known at that moment of the study. */

/** The objective of one trial after each of its epochs so far, turned so that lower is better; NaN where it was not finite. */
export interface Curve {
  /** The number of the trial, from 0. */
  readonly trial: number;
  readonly losses: readonly number[];
  readonly state: 'running' | 'complete' | 'pruned' | 'diverged' | 'excused';
}

/** What a verdict is made from. Nothing else decides it. */
export interface PruningRequest {
  /** The trial in question; it is in `curves`, and has just ended the epoch `losses.length`. */
  readonly trial: number;
  /** All trials that have begun, ascending, as they stand at this moment. */
  readonly curves: readonly Curve[];
  /** Epochs of a trial that is not pruned. */
  readonly maxEpochs: number;
  /** Of the study, in [0, 2^48). */
  readonly seed: number;
}

/** What becomes of a trial, and why, for people: `loss 0.61 is above the median 0.48 of 7 trials after epoch 2`. */
export interface Verdict {
  readonly kind: 'continue' | 'stop';
  readonly reason: string;
}

export interface Pruner {
  readonly name: string;
  /** Whether it may stop the trial after `epoch` (from 1); elsewhere it need not be asked. */
  decidesAfter(
    epoch: number,
    request: { readonly trial: number; readonly maxEpochs: number; readonly seed: number },
  ): boolean;
  judge(request: PruningRequest): Verdict;
}
