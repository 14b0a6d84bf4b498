/** Our figures beside those that others found, cell by cell, with the reason where they differ. */
import type { Block, Cell, Section, TableBlock } from '../document/block.ts';
import type { Metric, ReferenceTable } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import { exceptionsOf } from '../results/cell-estimate.ts';
import { comparisonsOf, isBeyond, type Comparison } from '../results/comparison.ts';
import { absent, countText, differenceText, estimateText, metricText } from '../results/figure-text.ts';

/** The section of all tables; undefined where no study has one. */
export function reference(studies: readonly ReportedStudy[]): Section | undefined {
  const pairs = studies.flatMap((study) => study.references.map((table) => ({ study, table })));
  if (pairs.length === 0) return undefined;
  const comparisons = pairs.flatMap(({ study, table }) => comparisonsOf(study, table));
  return {
    ...{ id: 'reference', title: 'Beside the reference' },
    blocks: [
      { kind: 'text', text: tally(comparisons), tone: 'strong' },
      { kind: 'text', text: intro },
      ...pairs.flatMap(({ study, table }) => blocksOf(study, table)),
    ],
  };
}

const intro =
  'Ours is the mean over seeds; ± is half of its 95 % interval (Student t) and is missing where there is one seed only. ' +
  'A difference is ours less theirs; it is bold where it is beyond the tolerance, and the reason stands beside it.';

function tally(comparisons: readonly Comparison[]): string {
  const count = (judgement: Comparison['judgement']): number =>
    comparisons.filter((comparison) => comparison.judgement === judgement).length;
  const differing = comparisons.filter(({ judgement }) => judgement === 'differs');
  const explained = differing.filter(({ row }) => row.explanation !== undefined).length;
  const parts = [
    `${countText(count('within'))} of ${countText(comparisons.length)} cells are within the tolerance`,
    ...(differing.length > 0
      ? [`${countText(differing.length)} differ, ${countText(explained)} of them explained`]
      : []),
    ...(count('unjudged') > 0 ? [`${countText(count('unjudged'))} have nothing to be judged by`] : []),
    ...(count('pending') > 0 ? [`${countText(count('pending'))} are not there yet`] : []),
  ];
  return `${parts.join('; ')}.`;
}

function blocksOf(study: ReportedStudy, table: ReferenceTable): Block[] {
  const { remark } = table;
  return [
    tableOf(study, table),
    ...(remark === undefined ? [] : [{ kind: 'text', tone: 'soft', text: remark } as const]),
  ];
}

function tableOf(study: ReportedStudy, table: ReferenceTable): TableBlock {
  const { title, metric, sources } = table;
  const number = (name: string): TableBlock['columns'][number] => ({ name, kind: 'number' });
  return {
    kind: 'table',
    caption: `${title}: ${metric.replace('-', ' ')}`,
    columns: [
      { name: study.space.map(({ name }) => name).join(', '), kind: 'head' },
      ...[number('ours'), number('seeds')],
      ...sources.flatMap((source) => [number(source), number('difference')]),
      ...[number('tolerance'), { name: 'verdict', kind: 'text' } as const],
      { name: 'why it differs', kind: 'wide' },
    ],
    rows: comparisonsOf(study, table).map((comparison) => rowOf(comparison, metric, sources.length)),
  };
}

function rowOf({ row, trials, ours, differences, judgement }: Comparison, metric: Metric, sources: number): Cell[] {
  const exceptions = exceptionsOf(trials);
  const theirs = Array.from({ length: sources }, (_, at): Cell[] => {
    const difference = differences[at];
    if (difference === undefined) return [metricText(row.values[at], metric), absent];
    const text = differenceText(difference, metric);
    return [metricText(row.values[at], metric), isBeyond(difference, row.tolerance) ? { text, tone: 'strong' } : text];
  });
  return [
    row.label,
    ours === undefined ? exceptions || absent : { text: estimateText(ours, metric), tone: 'strong' },
    ours === undefined ? absent : `${countText(ours.values)}${exceptions === '' ? '' : ` (${exceptions})`}`,
    ...theirs.flat(),
    ...[row.tolerance === undefined ? absent : String(row.tolerance), ...verdictOf(judgement, row.explanation)],
  ];
}

function verdictOf(judgement: Comparison['judgement'], explanation: string | undefined): [Cell, Cell] {
  if (judgement === 'within') return [{ text: 'within', tone: 'good' }, ''];
  if (judgement === 'pending') return ['not there yet', ''];
  if (judgement === 'unjudged') return [absent, ''];
  return [{ text: 'differs', tone: 'strong' }, explanation ?? { text: 'not explained', tone: 'bad' }];
}
