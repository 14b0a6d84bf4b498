/** The port through which a study has its trials executed as runs. */
import type { RunEnd } from '@weft/tuning';
import type { RunId } from '@weft/core';
import type { StoredCosts } from '@weft/store';
import type { EpochResult, RunConfiguration, RunResult, StudyExecution } from '@weft/wire';

/** A trial to execute. */
export interface TrialRun {
  readonly runId: RunId;
  readonly configuration: RunConfiguration;
  readonly studyId: string;
  readonly trial: number;
  readonly execution: StudyExecution;
}

/** What is known of a run that was asked for once. */
export interface KnownRun {
  /** Of no study: the empty string. */
  readonly studyId: string;
  readonly configuration: RunConfiguration;
  readonly epochs: readonly EpochResult[];
  /** `undefined` while it is on, or waits for trainers. */
  readonly end: RunEnd | undefined;
  readonly result: RunResult | undefined;
  /** Whether trainers work for it now. */
  readonly isWorking: boolean;
}

/** Told after it was stored; what was told before a crash and not heard is found by `find`. */
export interface TrialListener {
  epochEnded(runId: RunId, studyId: string, epoch: EpochResult): void;
  ended(runId: RunId, studyId: string, end: RunEnd): void;
}

export interface TrialRunner {
  find(runId: RunId): KnownRun | undefined;
  /** Runs of studies that are on or wait. */
  open(): readonly Pick<TrialRun, 'runId' | 'studyId'>[];
  /** Submits the run. It begins when trainers are free for it. */
  submit(run: TrialRun): void;
  /** Goes on with a run that has failed or was cancelled. */
  resume(run: TrialRun): void;
  /** Ends a run that is on or waits; nothing where it has ended. Its listener is not told. */
  stop(runId: RunId, reason: string): void;
  /** Runs of one study with a greater urgency go first; 0 unless told. */
  urge(runId: RunId, urgency: number): void;
  /** Whether trainers work for the run now. Costs nothing. */
  isWorking(runId: RunId): boolean;
  /** What the runs of a study have taken since this process started. */
  studyCosts(studyId: string): StoredCosts;
}
