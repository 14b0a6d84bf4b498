/** The port to what is remembered of studies: their definitions, and everything that was decided or learned, in order. */
import type { StudyDefinition, StudyExecution, StudyState, Setting } from '@weft/wire';

/** A study as stored. */
export interface StoredStudy {
  readonly studyId: string;
  readonly definition: StudyDefinition;
  readonly execution: StudyExecution;
  readonly state: StudyState;
  readonly reason: string;
  readonly submittedAtSeconds: number;
  /** At work, pauses and time without a coordinator left out. */
  readonly seconds: number;
}

/** What may change after a study was stored. */
export type StudyChange = Partial<Pick<StoredStudy, 'definition' | 'execution' | 'state' | 'reason' | 'seconds'>>;

/** A trial as it was proposed. */
export interface StoredTrial {
  readonly trial: number;
  readonly cell: number;
  readonly settings: readonly Setting[];
  readonly seed: number;
  /** Why it was proposed. */
  readonly reason: string;
  /** SHA-256 of the configuration of its run, hexadecimal. */
  readonly configurationDigest: string;
  readonly runId: string;
}

/** One thing that was decided or learned, in the order in which it was. A loss that is not finite is `undefined`. */
export type StudyRecord =
  /** The trial itself is stored beside. */
  | { readonly kind: 'propose'; readonly trial: number }
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly loss: number | undefined }
  | { readonly kind: 'complete' | 'diverged'; readonly trial: number }
  | { readonly kind: 'excused'; readonly trial: number; readonly reason: string }
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'stop'; readonly trial: number; readonly epoch: number; readonly reason: string }
  | { readonly kind: 'end'; readonly reason: string }
  /** The study was made larger: an end and a closing before this do not count. */
  | { readonly kind: 'extended' }
  | { readonly kind: 'attempt'; readonly trial: number; readonly attempt: number };

/**
 * What a coordinator remembers of studies. Calls are synchronous. After a crash of the machine the last of them may be forgotten,
 * never one in the middle: everything but commands of people follows from results of runs, and is found out again.
 * Each call throws `WeftError` 'resource-exhausted' or 'unavailable' where the disk refuses, 'corrupt' where it cannot be read.
 */
export interface StudyStore {
  /** Throws 'already-exists' where the id is taken. */
  insert(study: StoredStudy): void;
  update(studyId: string, change: StudyChange): void;
  find(studyId: string): StoredStudy | undefined;
  /** All studies, in the order in which they were submitted. */
  all(): StoredStudy[];
  /** Trials and records together, all or none. */
  append(studyId: string, trials: readonly StoredTrial[], records: readonly StudyRecord[]): void;
  /** Forgets all trials and records of a study, whose definition is a new one. Its runs stay. */
  restart(studyId: string): void;
  /** In the order of their numbers. */
  trials(studyId: string): StoredTrial[];
  /** In the order in which they were appended. */
  records(studyId: string): StudyRecord[];
  close(): void;
}
