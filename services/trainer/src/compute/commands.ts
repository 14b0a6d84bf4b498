/**
 * What a session, which talks to the coordinator, asks of the training loop, and what the loop reports. Both live in one thread: a
 * gradient goes from the engine's buffer into frames without another hop. Commands are handled in order.
 */
import type {
  ChunkRange,
  ErrorCode,
  DirectMean,
  DirectPartial,
  EvaluationChunkSums,
  EvaluationSplit,
  NonFinite,
  Transport,
  TreeNode,
  Variable,
} from '@weft/core';
import type { RunAssignment } from '@weft/wire';

/** The share of a trainer in a generation. */
export interface Assignment {
  readonly generation: number;
  readonly rank: number;
  readonly worldSize: number;
  readonly position: number;
  /** Of the step at `position`. */
  readonly chunks: readonly ChunkRange[];
  /** The division of later steps, in rank order: see `assignChunks`. */
  readonly shares: readonly number[];
  /** Over `direct`, and where the world size is 1, the gang commits by itself. */
  readonly transport: Transport;
  /** In rank order. */
  readonly members: readonly GangMember[];
}

/** Another trainer of the gang, or this one. */
export interface GangMember {
  readonly trainerId: string;
  readonly peerAddress: string;
}

/** A gang that exchanges directly: of one run, in one generation. */
export interface ExchangingGang {
  readonly runId: string;
  readonly generation: number;
  /** In rank order. */
  readonly members: readonly GangMember[];
}

/** Where in which run something was sent. */
export interface PeerLabel {
  readonly runId: string;
  readonly generation: number;
  readonly position: number;
  /** Of the sender. */
  readonly rank: number;
}

export type ComputeCommand =
  | { readonly kind: 'open'; readonly run: RunAssignment }
  | { readonly kind: 'load-snapshot'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'regroup'; readonly assignment: Assignment }
  /** The mean contribution of the step at `position`, answered by `update-applied`. */
  | {
      readonly kind: 'update';
      readonly position: number;
      readonly hold: boolean;
      readonly mean: Float32Array;
    }
  /** The sum of one round of the step at `position`. */
  | { readonly kind: 'round-sum'; readonly position: number; readonly round: number; readonly sum: Float32Array }
  | { readonly kind: 'hold' }
  /** Stop, tell where you stand, and take nothing from generations before this one. Answered by `standing`. */
  | { readonly kind: 'settle'; readonly generation: number; readonly recorded: number }
  | { readonly kind: 'peer-partial'; readonly label: PeerLabel; readonly partial: DirectPartial }
  | { readonly kind: 'peer-mean'; readonly label: PeerLabel; readonly mean: DirectMean }
  /** Finish what is in hand, then say that this trainer leaves. */
  | { readonly kind: 'leave'; readonly reason: string }
  | {
      readonly kind: 'evaluate';
      readonly position: number;
      readonly split: EvaluationSplit;
      readonly chunks: readonly ChunkRange[];
    }
  | { readonly kind: 'send-snapshot'; readonly position: number }
  /** Calls `closed` when nothing of the run is left. */
  | { readonly kind: 'close'; readonly closed: () => void };

/** A step that the gang committed by itself. */
export interface CommittedStepReport {
  readonly position: number;
  readonly loss: number;
  readonly correct: number;
  readonly gradientDigest: Uint8Array;
  /** Of a step that could not be committed. */
  readonly nonFinite?: NonFinite;
}

export type ComputeReport =
  | {
      readonly kind: 'ready';
      readonly runId: string;
      readonly position: number;
      readonly layoutSize: number;
      readonly variables: readonly Variable[];
      readonly snapshotBytes: number;
      readonly weightsDigest: string;
      readonly dataSetIdentity: string;
      readonly roundSizes: readonly number[];
    }
  /** `contribution` is the sum over `node`; it is not written again before the step at `position` is committed. */
  | {
      readonly kind: 'partial';
      readonly runId: string;
      readonly generation: number;
      readonly position: number;
      readonly node: TreeNode;
      readonly loss: number;
      readonly correct: number;
      readonly examples: number;
      readonly contribution: Float32Array;
      readonly chunks: number;
      readonly dataSeconds: number;
      readonly computeSeconds: number;
    }
  /** What `node` gives for one round; `vector` is not written again. */
  | {
      readonly kind: 'round-partial';
      readonly runId: string;
      readonly generation: number;
      readonly position: number;
      readonly round: number;
      readonly node: TreeNode;
      readonly vector: Float32Array;
    }
  | {
      readonly kind: 'update-applied';
      readonly runId: string;
      /** The buffer of the update, free again. */
      readonly mean: Float32Array;
      readonly waitSeconds: number;
      /** Sending, adding, dividing and applying. */
      readonly reduceSeconds: number;
    }
  /** Steps that the gang committed by itself; from its first rank. */
  | {
      readonly kind: 'committed-steps';
      readonly runId: string;
      readonly generation: number;
      readonly steps: readonly CommittedStepReport[];
    }
  /** The replica stays at `position` until it is told more. */
  | {
      readonly kind: 'standing';
      readonly runId: string;
      readonly generation: number;
      readonly position: number;
      readonly steps: readonly CommittedStepReport[];
    }
  /** This trainer computed its part of some steps that the gang committed by itself. */
  | {
      readonly kind: 'worked';
      readonly runId: string;
      readonly steps: number;
      readonly examples: number;
      readonly loss: number;
      readonly correct: number;
      readonly chunks: number;
      readonly dataSeconds: number;
      readonly computeSeconds: number;
      readonly waitSeconds: number;
      /** Sending, adding, dividing and applying. */
      readonly reduceSeconds: number;
    }
  | { readonly kind: 'leaving'; readonly reason: string }
  | {
      readonly kind: 'evaluation';
      readonly runId: string;
      readonly position: number;
      readonly split: EvaluationSplit;
      readonly chunks: readonly EvaluationChunkSums[];
      readonly weightsDigest: string;
    }
  | {
      readonly kind: 'snapshot';
      readonly runId: string;
      readonly position: number;
      readonly bytes: Uint8Array;
      readonly weightsDigest: string;
    }
  | { readonly kind: 'failure'; readonly runId: string; readonly code: ErrorCode; readonly message: string };
