/** The port to what outlives the coordinator: runs, results of epochs, and the ledger. */
import type { ChainedLine, RunId } from '@weft/core';
import type { EpochResult, RunConfiguration, RunResult, RunState } from '@weft/wire';

/** A run as stored. */
export interface StoredRun {
  readonly runId: RunId;
  readonly configuration: RunConfiguration;
  readonly minTrainers: number;
  readonly submittedAtSeconds: number;
  readonly state: RunState;
  readonly reason: string;
  readonly generation: number;
  /** Position of the newest checkpoint; 0 where there is none. */
  readonly checkpoint: number;
  /** The only engine whose trainers take part; empty until the first trainer is ready. */
  readonly engineFingerprint: string;
  readonly result: RunResult | undefined;
}

/** What may change after a run was stored. */
export type RunChange = Partial<
  Pick<StoredRun, 'state' | 'reason' | 'generation' | 'engineFingerprint' | 'result' | 'minTrainers'>
>;

/**
 * What a coordinator remembers. Calls are synchronous and durable against a crash of the process when they return.
 * Each throws `WeftError` 'resource-exhausted' or 'unavailable' where the disk refuses.
 */
export interface RunStore {
  /** Throws 'already-exists' where the id is taken. */
  insert(run: StoredRun): void;
  update(runId: RunId, change: RunChange): void;
  find(runId: RunId): StoredRun | undefined;
  /** All runs, in the order in which they were submitted. */
  all(): StoredRun[];
  /** Records the result of an epoch and the position of its checkpoint, both or neither. */
  recordEpoch(runId: RunId, epoch: EpochResult, checkpoint: number): void;
  epochs(runId: RunId): EpochResult[];
  appendLedger(runId: RunId, lines: readonly ChainedLine[]): void;
  /** Removes the lines at `position` and after. */
  truncateLedger(runId: RunId, position: number): void;
  /** The digest of the last line, or `undefined` where there is none. */
  ledgerTail(runId: RunId): ChainedLine | undefined;
  close(): void;
}
