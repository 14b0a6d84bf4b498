/** What the seeds of a cell come to together. */
import type { Assignment } from '@weft/tuning';
import type { Trial } from '@weft/wire';
import { assignmentOf } from '../definition/value-message.ts';
import { studentInterval, type Interval } from './student-interval.ts';
import { trialPhase, type TrialPhase } from './trial-state.ts';

/** Means are over the complete trials of the cell; `undefined` where there are none. */
export interface CellSummary {
  readonly cell: number;
  readonly assignment: Assignment;
  readonly trials: readonly Trial[];
  /** How many of its trials are in a phase. */
  readonly counts: Readonly<Record<TrialPhase, number>>;
  /** The objective, in its own direction. */
  readonly value: Interval | undefined;
  /** After the last epoch. */
  readonly validationLoss: Interval | undefined;
  readonly validationAccuracy: Interval | undefined;
  readonly testLoss: Interval | undefined;
  readonly testAccuracy: Interval | undefined;
}

/** One summary a cell, in the order of cells; trials within one in the order of their numbers. */
export function cellSummaries(trials: readonly Trial[]): CellSummary[] {
  const byCell = new Map<number, Trial[]>();
  for (const trial of [...trials].sort((a, b) => a.trial - b.trial)) {
    byCell.set(trial.cell, [...(byCell.get(trial.cell) ?? []), trial]);
  }
  return [...byCell].sort(([a], [b]) => a - b).map(([cell, members]) => summaryOf(cell, members));
}

function summaryOf(cell: number, trials: readonly Trial[]): CellSummary {
  const counts = { waiting: 0, running: 0, complete: 0, pruned: 0, diverged: 0, excused: 0 };
  for (const { state } of trials) counts[trialPhase(state)]++;
  const complete = trials.filter(({ state }) => trialPhase(state) === 'complete');
  const over = (figure: (trial: Trial) => number | undefined): Interval | undefined =>
    studentInterval(complete.map((trial) => figure(trial) ?? Number.NaN));
  return {
    ...{ cell, assignment: assignmentOf(trials[0]?.settings ?? []), trials, counts },
    value: over(({ value }) => value),
    validationLoss: over(({ epochs }) => epochs.at(-1)?.validationLoss),
    validationAccuracy: over(({ epochs }) => epochs.at(-1)?.validationAccuracy),
    testLoss: over(({ result }) => result?.testLoss),
    testAccuracy: over(({ result }) => result?.testAccuracy),
  };
}
