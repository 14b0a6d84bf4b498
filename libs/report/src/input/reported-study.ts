import type { ParameterValue, SearchSpace } from '@weft/tuning';
import type { Metric } from './reference-table.ts';
import type { ReportedTrial } from './reported-trial.ts';

/** What trials are ranked by. */
export interface ReportedObjective {
  readonly metric: Metric;
  readonly maximize: boolean;
  /** Whether a trial counts by its best epoch instead of its last one. */
  readonly bestEpoch: boolean;
}

/** How many trials are in which state. `missing` is 0 when a study has ended and lost nothing. */
export interface ReportedCounts {
  /** Undefined where it is not known yet. */
  readonly planned: number | undefined;
  readonly waiting: number;
  readonly running: number;
  readonly complete: number;
  readonly pruned: number;
  readonly diverged: number;
  readonly excused: number;
  readonly missing: number;
}

/** What a study took. */
export interface ReportedCosts {
  /** From its first step to its last result, pauses left out. */
  readonly makespanSeconds: number;
  /** Trainers times the seconds that they were at its disposal. */
  readonly trainerSeconds: number;
  /** Of those, in steps whose results count. */
  readonly usefulSeconds: number;
  /** Of those, in steps computed again or not counted. */
  readonly lostSeconds: number;
  readonly examples: number;
}

/** How much of the spread of the objective a parameter explains, 0 to 1. */
export interface ImportanceShare {
  readonly parameter: string;
  readonly share: number;
}

/** One study of a report. */
export interface ReportedStudy {
  readonly studyId: string;
  /** For people: `Learning rates`. */
  readonly title: string;
  readonly state: 'running' | 'paused' | 'finished' | 'cancelled' | 'failed';
  /** Why it is in this state. */
  readonly reason: string;
  readonly space: SearchSpace;
  /** What its trials have in common, by name, in the order in which it is printed. */
  readonly fixed: readonly (readonly [string, ParameterValue])[];
  readonly objective: ReportedObjective;
  /** Names, with what was set: `grid`, `tpe (candidates 24)`. */
  readonly sampler: string;
  readonly pruner: string;
  readonly counts: ReportedCounts;
  readonly costs: ReportedCosts;
  /** In the order of their numbers. */
  readonly trials: readonly ReportedTrial[];
  /** Empty where it was not computed. */
  readonly importance: readonly ImportanceShare[];
  /** Digests that say what the study is and what it came to, by name, hexadecimal. */
  readonly digests: readonly (readonly [string, string])[];
}
