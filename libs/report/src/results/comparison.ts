/** Our figure for a row of a reference table, how far it is from theirs, and why. */
import type { Interval } from '@weft/studies';
import type { ReferenceRow, ReferenceTable } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { estimateOf } from './cell-estimate.ts';
import { metricText, plural } from './figure-text.ts';
import { metricMeasure } from './measure.ts';

/** `pending`: ours is not there yet. `unjudged`: the row has no tolerance, or there is nothing to compare with. */
export type Judgement = 'within' | 'differs' | 'pending' | 'unjudged';

export interface Comparison {
  readonly row: ReferenceRow;
  readonly trials: readonly ReportedTrial[];
  /** Undefined where no trial is complete. */
  readonly ours: Interval | undefined;
  /** Ours less theirs, one for each source; undefined where one of both is missing. */
  readonly differences: readonly (number | undefined)[];
  /** Of all sources together: it differs where it is beyond the tolerance for one of them. */
  readonly judgement: Judgement;
  /** Sources for which it is. */
  readonly differsFrom: readonly string[];
  /** Why; empty where there is nothing to explain, or nobody knows. */
  readonly explanation: string;
}

/** The rows of `table`, in order, each with the trials that belong to it. */
export function comparisonsOf(studies: readonly ReportedStudy[], table: ReferenceTable): Comparison[] {
  const measure = metricMeasure(table.metric);
  const filling = studies.filter(({ studyId }) => table.studyIds.includes(studyId));
  return table.rows.map((row) => {
    const trials = filling.flatMap((study) => trialsOf(study, row));
    const ours = estimateOf(trials, measure);
    const differences = row.values.map((theirs) =>
      ours === undefined || theirs === undefined ? undefined : ours.mean - theirs,
    );
    const differsFrom = table.sources.filter((_, at) => isBeyond(differences[at], row.tolerance));
    const judgement = judge(row, trials, ours, differsFrom);
    const explanation = explain(table, row, trials, judgement, differences);
    return { row, trials, ours, differences, judgement, differsFrom, explanation };
  });
}

/** Whether `difference` is more than `tolerance`, give or take what binary fractions lose. */
export function isBeyond(difference: number | undefined, tolerance: number | undefined): boolean {
  return difference !== undefined && tolerance !== undefined && Math.abs(difference) > tolerance + 1e-12;
}

function trialsOf({ trials, fixed }: ReportedStudy, { settings }: ReferenceRow): ReportedTrial[] {
  const common = new Map(fixed);
  return trials.filter((trial) =>
    [...settings].every(([name, value]) => (trial.settings.get(name) ?? common.get(name)) === value),
  );
}

function judge(
  { tolerance, values }: ReferenceRow,
  trials: readonly ReportedTrial[],
  ours: Interval | undefined,
  differsFrom: readonly string[],
): Judgement {
  const ended = trials.length > 0 && trials.every(({ state }) => state !== 'running' && state !== 'waiting');
  if (ours === undefined && !ended) return 'pending';
  if (tolerance === undefined || values.every((value) => value === undefined)) return 'unjudged';
  return ours === undefined || differsFrom.length > 0 ? 'differs' : 'within';
}

function explain(
  { sources, metric, epochs }: ReferenceTable,
  { explanation, values, tolerance }: ReferenceRow,
  trials: readonly ReportedTrial[],
  judgement: Judgement,
  differences: readonly (number | undefined)[],
): string {
  const complete = trials.filter(({ state }) => state === 'complete').map((trial) => trial.epochs.length);
  const [trained = epochs] = complete;
  const texts = trained === epochs ? [] : [`${plural(trained, 'epoch')} here, ${String(epochs)} there.`];
  if (judgement === 'within' || judgement === 'pending') return texts.join(' ');
  if (explanation !== undefined) texts.unshift(explanation);
  // Another source that agrees with ours is a reason, if not a cause.
  const agreeing = sources.filter((_, at) => differences[at] !== undefined && !isBeyond(differences[at], tolerance));
  if (judgement === 'differs' && agreeing.length > 0) {
    const found = agreeing.map((name) => `${name} found ${metricText(values[sources.indexOf(name)], metric)}`);
    texts.push(`Ours agrees with the same recipe elsewhere: ${found.join(', ')}.`);
  }
  return texts.join(' ');
}
