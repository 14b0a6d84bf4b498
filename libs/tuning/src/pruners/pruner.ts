/** The port of pruners: whether a trial goes on, as a pure function of the curves known at that moment of the study. */

/** The objective of one trial after each of its epochs so far, turned so that lower is better; NaN where it was not finite. */
export interface Curve {
  /** The number of the trial, from 0. */
  readonly trial: number;
  readonly losses: readonly number[];
  readonly state: 'running' | 'complete' | 'pruned' | 'diverged' | 'excused';
}

/** What can be said of a trial before it has begun. */
export interface PruningSubject {
  /** The number of the trial, from 0. */
  readonly trial: number;
  /** Epochs of a trial that is not pruned. */
  readonly maxEpochs: number;
  /** Of the study, in [0, 2^48). */
  readonly seed: number;
}

/** Losses in ascending order; those that are not finite come last, as infinity. */
export interface RankedLosses {
  readonly count: number;
  /** The loss at `rank`, from 0; infinity beyond the last. */
  at(rank: number): number;
  /** How many are lower than `loss`. */
  countBelow(loss: number): number;
}

/** The trials that a trial is compared with: those of its group that have begun, itself included. */
export interface Peers {
  /** Losses after `epoch` of those that came so far: of all, or of those that are complete. */
  after(epoch: number, among: 'all' | 'complete'): RankedLosses;
}

/** What a verdict is made from. Nothing else decides it. */
export interface PruningRequest extends PruningSubject {
  /** All trials that have begun, by number, as they stand at this moment. The trial in question has just ended an epoch. */
  readonly curves: readonly Curve[];
  /** The same curves in order of loss, kept so that no verdict has to look at all of them. */
  readonly peers: Peers;
  /** Whether losses are the negative of what people look at. Decides the words of the reason, nothing else. */
  readonly maximize?: boolean;
}

/** What becomes of a trial, and why, for people: `loss 0.61 is above the median 0.48 of 7 trials after epoch 2`. */
export interface Verdict {
  readonly kind: 'continue' | 'stop';
  readonly reason: string;
}

export interface Pruner {
  readonly name: string;
  /** Whether it may stop the trial after `epoch` (from 1); elsewhere it is not asked. */
  decidesAfter(epoch: number, subject: PruningSubject): boolean;
  /** Trials are compared within their group only. */
  groupOf(subject: PruningSubject): number;
  judge(request: PruningRequest): Verdict;
}
