/** The port to what is remembered of studies: their definitions, and everything that was decided or learned, in order. */
import type { StudyDefinition, StudyExecution, StudyState } from '@weft/wire';

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
  readonly costs: StoredCosts;
}

/** What a study took. Seconds are those of trainers: two for one second are two. */
export interface StoredCosts {
  /** At its disposal. */
  readonly trainerSeconds: number;
  /** Of those, in steps that count. */
  readonly usefulSeconds: number;
  /** Of those, in steps that were done again, or do not count because their trial was stopped at an earlier epoch. */
  readonly lostSeconds: number;
  /** Of the steps that count. */
  readonly examples: number;
}

/** What may change after a study was stored. */
export type StudyChange = Partial<
  Pick<StoredStudy, 'definition' | 'execution' | 'state' | 'reason' | 'seconds' | 'costs'>
>;

/** A trial as it was proposed. */
export interface StoredTrial {
  readonly trial: number;
  readonly cell: number;
  /** Names and values of what the study varies, in the order of its space. */
  readonly settings: readonly (readonly [string, number | string | boolean])[];
  readonly seed: number;
  /** When it took its slot, in units of the study's logical time. */
  readonly moment: number;
  /** Why it was proposed. */
  readonly reason: string;
  /** SHA-256 of the configuration of its run, hexadecimal. */
  readonly configurationDigest: string;
  readonly runId: string;
}

/**
 * One thing that was decided or learned, in the order in which it was. A loss that is not finite is `undefined`; zero loses its sign,
 * every other loss is kept to the bit.
 */
export type StudyRecord =
  /** The trial itself is stored beside. */
  | { readonly kind: 'propose'; readonly trial: number }
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly loss: number | undefined }
  | { readonly kind: 'complete' | 'diverged'; readonly trial: number }
  | { readonly kind: 'excused'; readonly trial: number; readonly reason: string }
  | { readonly kind: 'retried'; readonly trial: number; readonly counts: boolean }
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'stop'; readonly trial: number; readonly epoch: number; readonly reason: string }
  | { readonly kind: 'end'; readonly reason: string }
  /** The study was made larger: an end before this is none any more, nor, where it has more cells, a closing. */
  | { readonly kind: 'extended'; readonly moreCells: boolean }
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
  /** Trials and records, with what they change of the study, all or none. */
  append(studyId: string, trials: readonly StoredTrial[], records: readonly StudyRecord[], change?: StudyChange): void;
  /** Forgets all trials and records of a study, which `change` gives a new definition; all or nothing. Its runs stay. */
  restart(studyId: string, change: StudyChange): void;
  /** In the order of their numbers. */
  trials(studyId: string): StoredTrial[];
  /** In the order in which they were appended. */
  records(studyId: string): StudyRecord[];
  close(): void;
}
