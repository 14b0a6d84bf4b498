/** Whether all of it is there, what came out best, and what it took. */
import type { Cell, Column, Section } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { labelOf } from '../results/cells.ts';
import { absent, countText, durationText, metricText, plural, shareText } from '../results/figure-text.ts';
import { objectiveMeasure } from '../results/measure.ts';
import { bestTrial } from '../results/ranking.ts';

const columns: readonly Column[] = [
  { name: 'study', kind: 'head' },
  { name: 'state', kind: 'text' },
  ...['planned', 'complete', 'pruned', 'diverged', 'excused', 'missing'].map(
    (name) => ({ name, kind: 'number' }) as const,
  ),
  { name: 'best', kind: 'text' },
  { name: 'its objective', kind: 'number' },
  { name: 'makespan', kind: 'number' },
  { name: 'useful work', kind: 'number' },
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
        ...{ kind: 'table', columns, rows: studies.map(row) },
        caption:
          'Trials by state. Pruned and diverged are results; excused trials have a reason instead of one; missing must be 0 when ' +
          'a study has ended. Useful work is the share of trainer time in steps whose results count.',
      },
      ...(makespanSeconds === undefined
        ? []
        : [{ kind: 'facts', facts: [['makespan of all together', durationText(makespanSeconds)]] } as const]),
    ],
  };
}

function row(study: ReportedStudy): Cell[] {
  const { title, state, counts, costs, space } = study;
  const measure = objectiveMeasure(study);
  const best = bestTrial(study, measure);
  return [
    ...[title, state, counts.planned === undefined ? absent : countText(counts.planned), countText(counts.complete)],
    ...[countText(counts.pruned), countText(counts.diverged), countText(counts.excused)],
    { text: countText(counts.missing), tone: counts.missing === 0 ? 'good' : 'bad' },
    best === undefined ? absent : `${labelOf(best.settings, space.length)} (trial ${String(best.trial)})`,
    best === undefined ? absent : `${measure.name} ${metricText(measure.of(best), measure.metric)}`,
    ...[durationText(costs.makespanSeconds), shareText(costs.usefulSeconds / costs.trainerSeconds)],
  ];
}
