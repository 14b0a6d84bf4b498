/** The port through which studies are told to whoever asked for them: a person at a terminal, a log, a program. */
import type { ClusterProcesses } from '../output/reporter.ts';
import type { StudyFigures, TrialFigures } from './study-figures.ts';

/** How a study ended. */
export interface StudyEnding {
  readonly study: StudyFigures;
  /** Trials that have no result because they failed. */
  readonly failed: readonly number[];
  /** SHA-256 of its result table: equal for equal definitions. */
  readonly tableDigest: string;
  /** Its cells, best first, as rows of text with their titles. */
  readonly cells: { readonly titles: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** Folder with its state and logs; only of a local study. */
  readonly folder: string | undefined;
}

/** Calls come in the order of events. There may be several studies. */
export interface StudyReporter {
  /** A study is about to be followed, as of now. `processes` only of a local cluster. */
  begun(study: StudyFigures, processes: ClusterProcesses | undefined): void;
  /** A study as of now: at least once a second. */
  study(study: StudyFigures): void;
  /** A trial changed its phase or ended an epoch. */
  trial(study: StudyFigures, trial: TrialFigures): void;
  notice(text: string, atSeconds: number): void;
  ended(ending: StudyEnding): void;
  /** The studies are left before their end; an error or an interruption follows. */
  dropped(): void;
}
