/** What a run's machine is told, and what it answers. Both are plain data; the coordinator's shell carries them. */
import type { ClassCounts } from '../class-counts.ts';
import type { ErrorCode } from '../error.ts';
import type { TrainerId } from '../id.ts';
import type { LedgerAssignment } from '../ledger/ledger-line.ts';
import type { ChunkRange, TreeNode } from '../reduction-tree.ts';
import type { NonFinite } from './non-finite.ts';
import type { EvaluationSplit } from './run-plan.ts';
import type { StepTimes } from './step-times.ts';
import type { Transport } from './transport.ts';

/** Sums over the examples of one evaluation chunk. */
export interface EvaluationChunkSums {
  readonly index: number;
  readonly loss: number;
  readonly correct: number;
  /** Where the loss has classes. */
  readonly classes?: ClassCounts;
}

/**
 * What a step came to that a gang committed by itself; with a loss that is not finite, a step that it could not commit.
 */
export interface CommittedStep {
  readonly position: number;
  readonly loss: number;
  readonly correct: number;
  /** See `LedgerLine.gradientDigest`. */
  readonly gradientDigest: string;
  /** Of a step that could not be committed. */
  readonly nonFinite?: NonFinite;
}

/** A step for the ledger. */
export interface RecordedStep extends CommittedStep {
  readonly generation: number;
  readonly assignments: readonly LedgerAssignment[];
}

/** Something that happened to a run. Positions and generations are those that the trainer stated. */
export type RunEvent =
  /** The scheduler gave `trainer` to the run. */
  | {
      readonly kind: 'trainer-assigned';
      readonly trainer: TrainerId;
      /** Whether it said where other trainers reach it. */
      readonly reachable: boolean;
    }
  /** The trainer's replica stands at `position`. */
  | {
      readonly kind: 'trainer-ready';
      readonly trainer: TrainerId;
      readonly position: number;
      /** Of one contribution: gradient and state. */
      readonly contributionBytes: number;
      /** Vectors that are summed over a step while it is computed: see `RoundLedger`. */
      readonly roundCount: number;
    }
  /** The trainer wants to go; it works on until it is let go, but in a star it takes no more chunks. */
  | { readonly kind: 'trainer-leaving'; readonly trainer: TrainerId; readonly reason: string }
  /** The trainer is gone: its stream broke, it fell silent, it left. */
  | { readonly kind: 'trainer-lost'; readonly trainer: TrainerId; readonly reason: string }
  /** The trainer cannot take part in this run (its data differ, its engine lacks a layer). */
  | {
      readonly kind: 'trainer-failed';
      readonly trainer: TrainerId;
      readonly code: ErrorCode;
      readonly message: string;
      /** Trainers that the run has not got, and that could be given to it. */
      readonly others: number;
    }
  /** A whole partial has arrived. */
  | {
      readonly kind: 'partial';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly position: number;
      readonly node: TreeNode;
    }
  /** What a trainer gives for one round of the step at `position`, over `node`, has arrived. */
  | {
      readonly kind: 'round-partial';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly position: number;
      readonly round: number;
      readonly node: TreeNode;
    }
  /** What the step came to that was just committed at `position`; it follows `commit` before anything else does. */
  | { readonly kind: 'summed'; readonly position: number; readonly loss: number; readonly correct: number }
  /** The sum of the step at `position` is not finite: the update was not sent. */
  | { readonly kind: 'non-finite'; readonly position: number; readonly what: NonFinite }
  /** Steps that a gang committed by itself, from its first rank. */
  | {
      readonly kind: 'progress';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly steps: readonly CommittedStep[];
    }
  /** A member of a gang that commits by itself has stopped; `steps` are those that the coordinator may not know of. */
  | {
      readonly kind: 'standing';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly position: number;
      readonly steps: readonly CommittedStep[];
    }
  /** The trainer cannot reach another one of its gang. */
  | {
      readonly kind: 'peer-lost';
      readonly trainer: TrainerId;
      readonly generation: number;
      readonly peer: TrainerId;
      readonly reason: string;
    }
  /** Where the time of the trainer's last steps went. */
  | {
      readonly kind: 'timed';
      readonly trainer: TrainerId;
      readonly times: StepTimes;
      /** To the coordinator and back. */
      readonly roundTripMs: number;
    }
  /** Someone wants the replicas compared at the next step. */
  | { readonly kind: 'audit-requested' }
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
  /** Whether too many updates are on their way to some member: until they are not, no step of a star is committed. */
  | { readonly kind: 'backlog'; readonly full: boolean }
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
  | {
      readonly kind: 'finished';
      readonly test: EvaluationResult;
      readonly weightsDigest: string;
      /** Why it ended before its last epoch, if it did. */
      readonly early?: string;
    }
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
      /** The gang's division of later steps, in rank order: see `assignChunks`. */
      readonly shares: readonly number[];
      readonly members: readonly TrainerId[];
      /** Over `direct`, and where there is one member only, the gang commits by itself. */
      readonly transport: Transport;
      /** Why this transport. */
      readonly reason: string;
    }
  /** Stop, tell where you stand, and take no more from generations before this one. */
  | {
      readonly kind: 'settle';
      readonly trainer: TrainerId;
      readonly generation: number;
      /** Steps that the coordinator knows of. */
      readonly recorded: number;
    }
  /** Add the partial just received to the sum of its step. */
  | {
      readonly kind: 'accept-partial';
      readonly trainer: TrainerId;
      readonly position: number;
      readonly node: TreeNode;
      /** See `LedgerAssignment`. */
      readonly attempt: number;
    }
  /** Add what was just received for a round to the sum of that round. */
  | { readonly kind: 'accept-round-partial'; readonly position: number; readonly node: TreeNode }
  /** The round is over: send its sum to `to`. */
  | {
      readonly kind: 'send-round';
      readonly position: number;
      readonly round: number;
      readonly to: readonly TrainerId[];
    }
  /** Forget the partial just received, of a step or of a round; it changes nothing. */
  | { readonly kind: 'drop-partial'; readonly trainer: TrainerId; readonly reason: string }
  /** Send the step's mean to `to`, and record the step, where it is not known, before anything else happens to the run. */
  | {
      readonly kind: 'commit';
      readonly position: number;
      readonly generation: number;
      readonly hold: boolean;
      /** Whether the step is on record: a gang had committed it, of which only members are left that had not. */
      readonly known: boolean;
      readonly to: readonly TrainerId[];
    }
  /** Record steps that the gang committed by itself. */
  | { readonly kind: 'record-steps'; readonly steps: readonly RecordedStep[] }
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
  /** Replicas were compared because someone asked, or differed. */
  | {
      readonly kind: 'audited';
      readonly position: number;
      readonly replicas: number;
      /** That most replicas have. */
      readonly weightsDigest: string;
      /** Those that have another one; all, where no majority agrees. */
      readonly dissenting: readonly TrainerId[];
      /** What was found and what follows from it, for people. */
      readonly text: string;
    }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'end'; readonly outcome: RunOutcome };
