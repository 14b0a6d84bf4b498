/** What a run's machine is told, and what it answers. Both are plain data; the coordinator's shell carries them. */
import type { ClassCounts } from '../class-counts.ts';
import type { ErrorCode } from '../error.ts';
import type { TrainerId } from '../id.ts';
import type { ChunkRange, TreeNode } from '../reduction-tree.ts';
import type { EvaluationSplit } from './run-plan.ts';

/** Sums over the examples of one evaluation chunk. */
export interface EvaluationChunkSums {
  readonly index: number;
  readonly loss: number;
  readonly correct: number;
  /** Where the loss has classes. */
  readonly classes?: ClassCounts;
}

/** Sums of a step that a solo trainer committed; with a loss that is not finite, of one that it could not commit. */
export interface SoloStep {
  readonly position: number;
  readonly loss: number;
  readonly correct: number;
}

/** Something that happened to a run. Positions and generations are those that the trainer stated. */
export type RunEvent =
  /** The scheduler gave `trainer` to the run. */
  | { readonly kind: 'trainer-assigned'; readonly trainer: TrainerId }
  /** The trainer's replica stands at `position`. */
  | { readonly kind: 'trainer-ready'; readonly trainer: TrainerId; readonly position: number }
  /** The trainer is gone: its stream broke, it fell silent, it left. */
  | { readonly kind: 'trainer-lost'; readonly trainer: TrainerId; readonly reason: string }
  /** The trainer cannot take part in this run (its data differ, its engine lacks a layer). */
  | { readonly kind: 'trainer-failed'; readonly trainer: TrainerId; readonly code: ErrorCode; readonly message: string }
  /** A whole partial has arrived. */
  | {
      readonly kind: 'partial';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly position: number;
      readonly node: TreeNode;
    }
  /** The sum of the step at `position` is not finite: the update was not sent. */
  | { readonly kind: 'non-finite'; readonly position: number }
  | {
      readonly kind: 'solo-progress';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly steps: readonly SoloStep[];
      readonly holding: boolean;
    }
  | {
      readonly kind: 'evaluation';
      readonly trainer: TrainerId;
      readonly position: number;
      readonly split: EvaluationSplit;
      readonly chunks: readonly EvaluationChunkSums[];
      readonly weightsDigest: string;
    }
  /** The snapshot asked for by `request-snapshot` has arrived whole; the shell keeps it. */
  | { readonly kind: 'snapshot-arrived'; readonly trainer: TrainerId; readonly position: number }
  | { readonly kind: 'checkpoint-written'; readonly position: number }
  /** The coordinator cannot go on with the run: its disk is full, say. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'cancelled'; readonly reason: string };

/** Means over a split. */
export interface EvaluationResult {
  readonly loss: number;
  readonly accuracy: number;
  /** Sums over the split, where the loss has classes. */
  readonly classes?: ClassCounts;
}

/** How a run ended. */
export type RunOutcome =
  | { readonly kind: 'finished'; readonly test: EvaluationResult; readonly weightsDigest: string }
  | { readonly kind: 'diverged'; readonly message: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'cancelled'; readonly message: string };

/** What the shell must do, in the order given. */
export type RunEffect =
  /** Send the run's configuration; the trainer initializes its replica at position 0 and answers `trainer-ready`. */
  | { readonly kind: 'open'; readonly trainer: TrainerId }
  /** Send the checkpoint at `position` to the trainers; each answers `trainer-ready`. */
  | { readonly kind: 'send-checkpoint'; readonly position: number; readonly to: readonly TrainerId[] }
  | { readonly kind: 'request-snapshot'; readonly from: TrainerId; readonly position: number }
  /** Send the snapshot that has arrived to the trainers; each answers `trainer-ready`. */
  | { readonly kind: 'send-snapshot'; readonly position: number; readonly to: readonly TrainerId[] }
  | {
      readonly kind: 'regroup';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly rank: number;
      readonly worldSize: number;
      readonly position: number;
      readonly chunks: readonly ChunkRange[];
      readonly solo: boolean;
    }
  /** Add the partial just received to the sum of its step. */
  | {
      readonly kind: 'accept-partial';
      readonly trainer: TrainerId;
      readonly node: TreeNode;
      /** How often its chunks had been given to a trainer that was lost before it delivered. */
      readonly attempt: number;
    }
  /** Forget the partial just received; it changes nothing. */
  | { readonly kind: 'drop-partial'; readonly trainer: TrainerId; readonly reason: string }
  /** Send the step's mean to `to`, and record the step in the ledger before anything else happens to the run. */
  | {
      readonly kind: 'commit';
      readonly position: number;
      readonly generation: number;
      readonly hold: boolean;
      readonly to: readonly TrainerId[];
    }
  /** Record steps that a solo trainer committed. */
  | { readonly kind: 'record-solo-steps'; readonly trainer: TrainerId; readonly steps: readonly SoloStep[] }
  /** Forget partial sums of an unfinished step, and steps after `position`: no replica is left that has them. */
  | { readonly kind: 'roll-back'; readonly position: number }
  | { readonly kind: 'hold'; readonly trainer: TrainerId }
  | {
      readonly kind: 'evaluate';
      readonly trainer: TrainerId;
      readonly position: number;
      readonly split: EvaluationSplit;
      readonly chunks: readonly ChunkRange[];
    }
  /** Write the snapshot that has arrived as the checkpoint at `position`. */
  | { readonly kind: 'write-checkpoint'; readonly position: number }
  | {
      readonly kind: 'record-epoch';
      readonly epoch: number;
      readonly position: number;
      readonly validation: EvaluationResult;
      readonly weightsDigest: string;
      /** Of the generation that ended the epoch. */
      readonly generation: number;
      readonly worldSize: number;
    }
  | { readonly kind: 'close'; readonly trainer: TrainerId; readonly reason: string }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'end'; readonly outcome: RunOutcome };
