/** What the training loop needs of a run that is loaded; `TrainingRun` is the real one. */
import type { EvaluationChunkSums, EvaluationSplit, NonFinite, TreeNode, Variable, VectorArithmetic } from '@weft/core';
import type { RoundExchange } from '@weft/engine';
import type { RunAssignment } from '@weft/wire';

/** Sums over the examples of some chunks. */
interface ExampleSums {
  readonly loss: number;
  readonly correct: number;
}

/** A run with its replica. One call at a time, but for the contributions to one step of a run with rounds. */
export interface OpenedRun {
  readonly run: RunAssignment;
  /** Steps that the replica has applied. */
  readonly position: number;
  /** Elements of a contribution. */
  readonly layoutSize: number;
  /** The variables of a contribution, in its order. */
  readonly variables: readonly Variable[];
  readonly snapshotBytes: number;
  /** Lengths of the vectors that are summed over a step while it is computed. */
  readonly rounds: readonly number[];
  /** SHA-256 of the parameters, hexadecimal. */
  readonly weightsDigest: string;
  /** Seconds spent so far on gathering examples, and in `commitAlone` on dividing, digesting and applying. */
  readonly spent: { readonly dataSeconds: number; readonly reduceSeconds: number };
  /** How vectors of the length of a contribution are added and divided; one element after the other where absent. */
  readonly arithmetic?: VectorArithmetic;
  /** Chunks of the step in hand. */
  readonly chunkCount: number;
  /** Examples below `node` of the step in hand. */
  exampleCount(node: TreeNode): number;
  /** Writes the contribution of `node` of the step in hand to `into` (length `layoutSize`); with rounds, by an exchange. */
  contribute(node: TreeNode, into: Float32Array, exchange?: RoundExchange): Promise<ExampleSums>;
  /** Applies the mean contribution, which `mean` holds and loses, and moves to the next position. */
  apply(mean: Float32Array): void;
  /** What of a step is not finite, given its mean contribution and the sum of its losses. */
  nonFiniteIn(mean: Float32Array, lossSum: number): NonFinite;
  /** The whole step by this trainer alone; one that is not finite is not applied, says what is not, and its loss is NaN. */
  commitAlone(): Promise<ExampleSums & { readonly gradientDigest: Uint8Array; readonly nonFinite?: NonFinite }>;
  /** Sums over evaluation chunk `index` of `split`. */
  evaluateChunk(split: EvaluationSplit, index: number): Promise<EvaluationChunkSums>;
  /** The replica as a checkpoint file. */
  snapshot(): Uint8Array;
  /** Takes over a checkpoint file. Throws 'corrupt' or 'incompatible'. */
  loadSnapshot(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Where runs come from; `RunOpener` is the real one. */
export interface RunSource {
  /** The run with its replica at position 0. Throws a `WeftError` that says what is missing or does not fit. */
  open(run: RunAssignment): Promise<OpenedRun>;
}
