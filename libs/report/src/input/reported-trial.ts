import type { Assignment } from '@weft/tuning';

/** Where a trial stands. `complete`, `pruned` and `diverged` are results; `excused` has none, and a reason. */
export type TrialState = 'waiting' | 'running' | 'complete' | 'pruned' | 'diverged' | 'excused';

/** One epoch that counts. Losses and accuracies are means over examples; they may be NaN or infinite. */
export interface ReportedEpoch {
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** Training time, evaluation and checkpoint left out. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
  /** World size at the end of the epoch. */
  readonly trainers: number;
}

/** What a complete trial came to. */
export interface ReportedResult {
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** SHA-256 of the final weights, hexadecimal. */
  readonly weightsDigest: string;
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

/** One trial, with everything that is known of it. */
export interface ReportedTrial {
  readonly trial: number;
  readonly cell: number;
  readonly settings: Assignment;
  readonly seed: number;
  readonly state: TrialState;
  /** Why it is in this state; empty where there is nothing to say. */
  readonly reason: string;
  /** Of the accepted result; empty where there is none. */
  readonly runId: string;
  readonly attempts: number;
  /** From epoch 1. */
  readonly epochs: readonly ReportedEpoch[];
  readonly result: ReportedResult | undefined;
  /** SHA-256 of the run's configuration, hexadecimal. */
  readonly configurationDigest: string;
  /** The objective; undefined where there is none. */
  readonly value: number | undefined;
}
