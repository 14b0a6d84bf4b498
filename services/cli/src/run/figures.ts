/** What the command line knows of a run: plain numbers and names, as they are printed, stored and reported. */
import type { EarlyStopping, Schedule } from '@weft/core';

/** Where a run is in its life. */
export type RunPhase = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled' | 'diverged';

/** What is trained, on what, and how: the configuration in short. */
export interface RunSummary {
  readonly runId: string;
  readonly model: string;
  readonly loss: string;
  readonly dataSet: {
    readonly name: string;
    readonly identity: string;
    /** Whether the examples are generated: then no figure says anything about real data. */
    readonly synthetic: boolean;
    readonly trainExamples: number;
    readonly validationExamples: number;
    readonly testExamples: number;
  };
  readonly optimizer: {
    readonly name: string;
    readonly learningRate: number;
    readonly settings: Readonly<Record<string, number>>;
  };
  readonly batchSize: number;
  readonly chunkSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** Null where the learning rate stays what it is. */
  readonly schedule: Schedule | null;
  /** Null where all epochs are trained. */
  readonly earlyStopping: EarlyStopping | null;
}

/** A run as of now. */
export interface RunStatus extends RunSummary {
  readonly phase: RunPhase;
  /** Why it is in this phase, for people. */
  readonly reason: string;
  /** Steps committed, of `totalSteps`. */
  readonly position: number;
  readonly totalSteps: number;
  readonly worldSize: number;
  readonly generation: number;
  /** Empty until a trainer has opened the run. */
  readonly engineFingerprint: string;
}

/** How far an epoch is. Loss and accuracy are means over the examples so far. */
export interface ProgressFigures {
  readonly epoch: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly examplesPerSecond: number;
  readonly worldSize: number;
  readonly generation: number;
}

/** One epoch, from 1, when it is over. `seconds` is training time: evaluation and checkpoint are left out. */
export interface EpochFigures {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly seconds: number;
  readonly examplesPerSecond: number;
  readonly worldSize: number;
  readonly generation: number;
  readonly weightsDigest: string;
}

/** What a finished run comes to. */
export interface ResultFigures {
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Element k - 1: the share of test examples whose class is among the k best. Empty where the loss has no classes. */
  readonly testTopAccuracies: readonly number[];
  /** Test examples by class (outer) and answer (inner). Empty where the loss has no classes, or many. */
  readonly testConfusion: readonly (readonly number[])[];
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly seconds: number;
  readonly examplesPerSecond: number;
  /** SHA-256 of the final weights. Equal for equal configurations, whatever the trainers. */
  readonly weightsDigest: string;
  readonly ledgerDigest: string;
}
