/** Our figure for a row of a reference table, and how far it is from theirs. */
import type { ReferenceRow, ReferenceTable } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { estimateOf } from './cell-estimate.ts';
import { hasSettings } from './cells.ts';
import type { Estimate } from './interval.ts';
import { metricMeasure } from './measure.ts';

/** `pending`: ours is not there yet. `unjudged`: the row has no tolerance, or there is nothing to compare with. */
export type Judgement = 'within' | 'differs' | 'pending' | 'unjudged';

export interface Comparison {
  readonly row: ReferenceRow;
  readonly trials: readonly ReportedTrial[];
  /** Undefined where no trial is complete. */
  readonly ours: Estimate | undefined;
  /** Ours less theirs, one for each source; undefined where one of both is missing. */
  readonly differences: readonly (number | undefined)[];
  /** Of all sources together: it differs where it is beyond the tolerance for one of them. */
  readonly judgement: Judgement;
}

/** The rows of `table`, in order, each with the trials of `study` that belong to it. */
export function comparisonsOf(study: ReportedStudy, table: ReferenceTable): Comparison[] {
  const measure = metricMeasure(table.metric);
  return table.rows.map((row) => {
    const trials = study.trials.filter(({ settings }) => hasSettings(settings, row.settings));
    const ours = estimateOf(trials, measure);
    const differences = row.values.map((theirs) =>
      ours === undefined || theirs === undefined ? undefined : ours.mean - theirs,
    );
    return { row, trials, ours, differences, judgement: judge(row, trials, ours, differences) };
  });
}

function judge(
  { tolerance, values }: ReferenceRow,
  trials: readonly ReportedTrial[],
  ours: Estimate | undefined,
  differences: readonly (number | undefined)[],
): Judgement {
  if (tolerance === undefined || values.every((value) => value === undefined)) return 'unjudged';
  if (ours === undefined) {
    const ended = trials.length > 0 && trials.every(({ state }) => state !== 'running' && state !== 'waiting');
    return ended ? 'differs' : 'pending';
  }
  return differences.some((difference) => isBeyond(difference, tolerance)) ? 'differs' : 'within';
}

/** Whether `difference` is more than `tolerance`, give or take what binary fractions lose. */
export function isBeyond(difference: number | undefined, tolerance: number | undefined): boolean {
  return difference !== undefined && tolerance !== undefined && Math.abs(difference) > tolerance + 1e-12;
}
