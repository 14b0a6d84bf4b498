/** The port to what outlives the coordinator: runs, results of epochs, and the ledger. */
import type { ChainedLine, ErrorCode, RunId, TransportSetting } from '@weft/core';
import type { EpochResult, RunConfiguration, RunResult, RunState } from '@weft/wire';

/** `StoredRun.maxTrainers` of a run that takes every idle trainer, whether it becomes faster or not. */
export const everyTrainer: number = 2 ** 32 - 1;

/** A run as stored. */
export interface StoredRun {
  readonly runId: RunId;
  readonly configuration: RunConfiguration;
  /** With fewer trainers the run pauses. */
  readonly minTrainers: number;
  /** Trainers to wait for before the first step, where that is more. */
  readonly startTrainers: number;
  /** It gets no more; 0: as many as make it faster, measured. */
  readonly maxTrainers: number;
  /** Runs with a higher one go first. */
  readonly priority: number;
  /** The study of which it executes a trial; empty where it belongs to none. */
  readonly studyId: string;
  /** Which trial of the study; 0 where there is none. */
  readonly trial: number;
  readonly transport: TransportSetting;
  readonly submittedAtSeconds: number;
  readonly state: RunState;
  readonly reason: string;
  readonly generation: number;
  /** Position of the newest checkpoint; 0 where there is none. */
  readonly checkpoint: number;
  /** The only engine whose trainers take part; empty until the first trainer is ready. */
  readonly engineFingerprint: string;
  readonly result: RunResult | undefined;
  /** Of a failed run: why, as a code; empty for all others. */
  readonly failureCode: ErrorCode | '';
  /** What people should know of the run's past: that it went back, and why. */
  readonly remark?: string;
}

/** A checkpoint whose file was whole when this was stored. */
export interface StoredCheckpoint {
  readonly position: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
}

/** To where a run goes back, and why. */
export interface WayBack {
  /** Position of the checkpoint, or 0 for the start. */
  readonly checkpoint: number;
  /** Epochs that end at or before it. */
  readonly epochs: number;
  readonly remark: string;
}

/** What may change after a run was stored. */
export type RunChange = Partial<
  Pick<
    StoredRun,
    | 'state'
    | 'reason'
    | 'generation'
    | 'engineFingerprint'
    | 'result'
    | 'failureCode'
    | 'minTrainers'
    | 'startTrainers'
    | 'maxTrainers'
    | 'priority'
  >
>;

/** What can be read of runs. Each call throws `WeftError` 'corrupt' where what is stored cannot be read, naming it. */
export interface RunArchive {
  find(runId: RunId): StoredRun | undefined;
  /** All runs, in the order in which they were submitted. There may be tens of thousands. */
  all(): StoredRun[];
  /** The runs that belong to no study, in the order in which they were submitted. */
  single(): StoredRun[];
  /** The runs in one of `states`, in the order in which they were submitted. */
  inState(...states: readonly RunState[]): StoredRun[];
  /** The engine of the first trial of a study that has computed anything; empty where none has. */
  engineOf(studyId: string): string;
  /** How many runs there are in each state; states without runs are left out. */
  countByState(): Map<RunState, number>;
  /** The ids of the runs that were submitted last, at most `limit`, oldest first. */
  lastIds(limit: number): RunId[];
  /** How many runs were ever submitted. */
  submitted(): number;
  /** Results of epochs, ascending; those after `last` are not looked at. */
  epochs(runId: RunId, last?: number): EpochResult[];
  /** Recorded checkpoints, ascending; those of which the files were removed are not among them. */
  checkpoints(runId: RunId): StoredCheckpoint[];
  /** At most `limit` lines from `first` on, ascending. Lines that are missing are left out. */
  ledgerLines(runId: RunId, first: number, limit: number): ChainedLine[];
  /** The last line, or `undefined` where there is none. */
  ledgerTail(runId: RunId): ChainedLine | undefined;
  close(): void;
}

/**
 * What a coordinator remembers. Calls are synchronous, and durable when they return: against a crash of the machine too.
 * Each throws `WeftError` 'resource-exhausted' or 'unavailable' where the disk refuses.
 */
export interface RunStore extends RunArchive {
  /** Throws 'already-exists' where the id is taken. */
  insert(run: StoredRun): void;
  update(runId: RunId, change: RunChange): void;
  /** Records the result of an epoch and the position of its checkpoint, both or neither. */
  recordEpoch(runId: RunId, epoch: EpochResult, checkpoint: number): void;
  /** Records a checkpoint file that is on disk, and forgets those before `oldestKept`, which are about to be removed. */
  recordCheckpoint(runId: RunId, checkpoint: StoredCheckpoint, oldestKept: number): void;
  appendLedger(runId: RunId, lines: readonly ChainedLine[]): void;
  /** Removes the lines at `position` and after. */
  truncateLedger(runId: RunId, position: number): void;
  /** Takes a run back to an earlier checkpoint: later epochs, lines and checkpoints are forgotten, all or none of them. */
  goBack(runId: RunId, way: WayBack): void;
}
