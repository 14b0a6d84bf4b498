/** What a report says, before it has a form. */
import type { EpochFigures, ResultFigures, RunSummary } from '../run/figures.ts';

/** One run of the report. */
export interface ReportedRun {
  /** For people: `initial-nn on 2 trainers`. */
  readonly title: string;
  readonly summary: RunSummary;
  readonly trainers: number;
  readonly parameters: number;
  readonly engineFingerprint: string;
  readonly epochs: readonly EpochFigures[];
  readonly result: ResultFigures;
}

/** A pair of runs that must end with equal weights. */
export interface Comparison {
  readonly left: ReportedRun;
  readonly right: ReportedRun;
}

/** Everything in a report. */
export interface ReportContent {
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Why the data is not what one would expect; undefined where it is. */
  readonly dataRemark: string | undefined;
  readonly runs: readonly ReportedRun[];
  readonly comparisons: readonly Comparison[];
  /** Facts about the machine and the software, by name. */
  readonly environment: readonly (readonly [string, string])[];
}

/** Whether both runs ended with the same bytes. */
export function isEqual({ left, right }: Comparison): boolean {
  return left.result.weightsDigest === right.result.weightsDigest;
}
