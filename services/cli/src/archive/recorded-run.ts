/** What a run has left, wherever it is: in a store that nobody has open, or with a coordinator that is asked for it. */
import type { ChainedLine } from '@weft/core';
import type { EpochResult, RunConfiguration, RunResult, RunState } from '@weft/wire';

/** A checkpoint file and the position that it stands at. */
export interface RecordedCheckpoint {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** A run to be checked or computed again. */
export interface RecordedRun {
  readonly runId: string;
  readonly configuration: RunConfiguration;
  readonly state: RunState;
  readonly epochs: readonly EpochResult[];
  readonly result: RunResult | undefined;
  readonly engineFingerprint: string;
  /** Where this comes from, for people. */
  readonly source: string;
  /** The lines of the ledger in order; of a run under way, at least those of its recorded epochs. */
  ledger(): AsyncIterable<ChainedLine>;
  /** The newest checkpoint at or before `position`, or why there is none that can be used. */
  checkpoint(position: number): Promise<RecordedCheckpoint | { readonly problem: string }>;
}
