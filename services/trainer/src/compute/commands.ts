/**
 * What a session, which talks to the coordinator, asks of the training loop, and what the loop reports. Both live in one thread: a
 * gradient goes from the engine's buffer into frames without another hop. Commands are handled in order.
 */
import type { ChunkRange, ErrorCode, EvaluationChunkSums, EvaluationSplit, TreeNode } from '@weft/core';
import type { RunAssignment } from '@weft/wire';

/** The share of a trainer in a generation. */
export interface Assignment {
  readonly generation: number;
  readonly rank: number;
  readonly worldSize: number;
  readonly position: number;
  readonly chunks: readonly ChunkRange[];
  readonly solo: boolean;
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
  | { readonly kind: 'hold' }
  | {
      readonly kind: 'evaluate';
      readonly position: number;
      readonly split: EvaluationSplit;
      readonly chunks: readonly ChunkRange[];
    }
  | { readonly kind: 'send-snapshot'; readonly position: number }
  /** Calls `closed` when nothing of the run is left. */
  | { readonly kind: 'close'; readonly closed: () => void };

/** A step committed by a solo trainer. */
export interface SoloStepReport {
  readonly position: number;
  readonly loss: number;
  readonly correct: number;
  readonly gradientDigest: Uint8Array;
}

export type ComputeReport =
  | {
      readonly kind: 'ready';
      readonly runId: string;
      readonly position: number;
      readonly layoutSize: number;
      readonly snapshotBytes: number;
      readonly weightsDigest: string;
      readonly dataSetIdentity: string;
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
      readonly computeSeconds: number;
    }
  | {
      readonly kind: 'update-applied';
      /** The buffer of the update, free again. */
      readonly mean: Float32Array;
      readonly waitSeconds: number;
      readonly applySeconds: number;
    }
  | {
      readonly kind: 'solo-progress';
      readonly runId: string;
      readonly generation: number;
      readonly steps: readonly SoloStepReport[];
      /** Examples of these steps together. */
      readonly examples: number;
      readonly holding: boolean;
      readonly computeSeconds: number;
    }
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
