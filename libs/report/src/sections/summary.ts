/** Whether all of it is there, what came out best, and what it took. */
import type { Cell, Column, Section } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { labelOf } from '../results/cells.ts';
import { absent, countText, durationText, metricText, plural, shareText } from '../results/figure-text.ts';
import { objectiveMeasure } from '../results/measure.ts';
import { bestTrial } from '../results/ranking.ts';

const number = (name: string): Column => ({ name, kind: 'number' });

const stateColumns: readonly Column[] = [
  { name: 'study', kind: 'head' },
  { name: 'state', kind: 'text' },
  ...['planned', 'complete', 'pruned', 'diverged', 'excused', 'missing', 'makespan', 'useful work'].map(number),
];

const bestColumns: readonly Column[] = [
  { name: 'study', kind: 'head' },
  number('trial'),
  { name: 'settings', kind: 'wide' },
  number('seed'),
  { name: 'objective', kind: 'text' },
  ...['value', 'test accuracy', 'test loss'].map(number),
];

/** The section of that. */
export function summary({ studies, makespanSeconds }: StudyReportInput): Section {
  const counts = (name: 'complete' | 'pruned' | 'diverged' | 'excused' | 'missing'): number =>
    studies.reduce((sum, study) => sum + study.counts[name], 0);
  const missing = counts('missing');
  const results = counts('complete') + counts('pruned') + counts('diverged');
  return {
    ...{ id: 'summary', title: 'Summary' },
    blocks: [
      {
        ...{ kind: 'text', tone: missing === 0 ? 'good' : 'bad' },
        text:
          `${plural(results, 'trial')} with a result in ${plural(studies.length, 'study', 'studies')}, ` +
          `${countText(counts('excused'))} excused, missing = ${countText(missing)}.`,
      },
      {
        ...{ kind: 'table', columns: stateColumns, rows: studies.map(stateRow) },
        caption:
          'Trials by state. Pruned and diverged are results; excused trials have a reason instead of one; missing must be 0 when ' +
          'a study has ended. Useful work is the share of trainer time in steps whose results count.',
      },
      {
        ...{ kind: 'table', columns: bestColumns, rows: studies.flatMap(bestRow) },
        caption:
          'The best complete trial of each study by its objective; it is one trial with one seed, so no interval.',
      },
      ...(makespanSeconds === undefined
        ? []
        : [{ kind: 'facts', facts: [['makespan of all together', durationText(makespanSeconds)]] } as const]),
    ],
  };
}

function stateRow({ title, state, counts, costs }: ReportedStudy): Cell[] {
  return [
    ...[title, state, counts.planned === undefined ? absent : countText(counts.planned), countText(counts.complete)],
    ...[countText(counts.pruned), countText(counts.diverged), countText(counts.excused)],
    { text: countText(counts.missing), tone: counts.missing === 0 ? 'good' : 'bad' },
    ...[durationText(costs.makespanSeconds), shareText(costs.usefulSeconds / costs.trainerSeconds)],
  ];
}

function bestRow(study: ReportedStudy): Cell[][] {
  const measure = objectiveMeasure(study);
  const best = bestTrial(study, measure);
  if (best === undefined) return [];
  const { trial, settings, seed, result } = best;
  return [
    [
      ...[study.title, String(trial), labelOf(settings, 0) || absent, String(seed), measure.name],
      metricText(measure.of(best), measure.metric),
      ...[metricText(result?.testAccuracy, 'test-accuracy'), metricText(result?.testLoss, 'test-loss')],
    ],
  ];
}
