/** Who is told of the course of every run: the driver of studies, say. */
import type { ErrorCode } from '@weft/core';
import type { StoredRun } from '@weft/store';
import type { EpochResult, RunState } from '@weft/wire';

/** Which run it is. Of no study: the empty string. */
export type RunIdentity = Pick<StoredRun, 'runId' | 'studyId'>;

/**
 * Told in the order in which things happened, after the store has them and outside of any run's effects, so that it may submit,
 * cancel and resume. What was stored before a crash and not told is not told again: compare with the store when you start.
 */
export interface RunObserver {
  epochEnded(run: RunIdentity, epoch: EpochResult): void;
  /** `code` is that of a failure, and empty for all others. `RunQueue.usage` still knows what the run took. */
  ended(run: StoredRun, state: RunState, reason: string, code: ErrorCode | ''): void;
}
