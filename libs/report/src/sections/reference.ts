/** Our figures beside those that others found, cell by cell, with the reason where they differ. */
import type { Block, Cell, Column, Section, TableBlock } from '../document/block.ts';
import type { Metric, ReferenceTable } from '../input/reference-table.ts';
import type { StudyReportInput } from '../input/study-report-input.ts';
import { exceptionsOf } from '../results/cell-estimate.ts';
import { comparisonsOf, isBeyond, type Comparison } from '../results/comparison.ts';
import { absent, countText, differenceText, estimateText, metricText } from '../results/figure-text.ts';
import { referenceFigure } from './reference-figure.ts';

interface Pair {
  readonly table: ReferenceTable;
  readonly comparisons: readonly Comparison[];
}

/** The section of all tables; undefined where there are none. */
export function reference({ studies, references }: StudyReportInput): Section | undefined {
  if (references.length === 0) return undefined;
  const pairs = references.map((table) => ({ table, comparisons: comparisonsOf(studies, table) }));
  return {
    ...{ id: 'reference', title: 'Beside the reference' },
    blocks: [
      { kind: 'text', text: tally(pairs.flatMap(({ comparisons }) => comparisons)), tone: 'strong' },
      { kind: 'text', text: bySource(pairs) },
      { kind: 'text', text: intro },
      ...pairs.flatMap(blocksOf),
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
  const explained = differing.filter(({ explanation }) => explanation !== '').length;
  const parts = [
    `${countText(count('within'))} of ${countText(comparisons.length)} cells are within the tolerance`,
    ...(differing.length > 0
      ? [`${countText(differing.length)} differ, ${countText(explained)} of them explained`]
      : []),
    ...(count('unjudged') > 0 ? [`${countText(count('unjudged'))} have no tolerance to be judged by`] : []),
    ...(count('pending') > 0 ? [`${countText(count('pending'))} are not there yet`] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** How often ours is within the tolerance of each source by itself. */
function bySource(pairs: readonly Pair[]): string {
  const names = [...new Set(pairs.flatMap(({ table }) => table.sources))];
  const texts = names.map((name) => {
    const beyond = pairs.flatMap(({ table, comparisons }) =>
      comparisons.flatMap(({ row: { tolerance }, differences }) => {
        const difference = differences[table.sources.indexOf(name)];
        return difference === undefined || tolerance === undefined ? [] : [isBeyond(difference, tolerance)];
      }),
    );
    return `${name}: ${countText(beyond.filter((far) => !far).length)} of ${countText(beyond.length)}`;
  });
  return `Cells within the tolerance of each source by itself: ${texts.join('; ')}.`;
}

function blocksOf({ table, comparisons }: Pair): Block[] {
  const { remark } = table;
  return [
    tableOf(table, comparisons),
    ...(remark === undefined ? [] : [{ kind: 'text', tone: 'soft', text: remark } as const]),
    { kind: 'figures', figures: [referenceFigure(table, comparisons)] },
  ];
}

function tableOf({ title, metric, sources, heading }: ReferenceTable, comparisons: readonly Comparison[]): TableBlock {
  const number = (name: string): Column => ({ name, kind: 'number' });
  return {
    kind: 'table',
    caption: `${title}: ${metric.replace('-', ' ')}`,
    columns: [
      { name: heading, kind: 'head' },
      ...[number('ours'), number('seeds')],
      ...sources.flatMap((source) => [number(source), number('difference')]),
      ...[number('tolerance'), { name: 'verdict', kind: 'text' } as const, { name: 'why', kind: 'wide' } as const],
    ],
    rows: comparisons.map((comparison) => rowOf(comparison, metric, sources.length)),
  };
}

function rowOf(comparison: Comparison, metric: Metric, sources: number): Cell[] {
  const { row, trials, ours, differences } = comparison;
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
    ours === undefined ? absent : `${countText(ours.count)}${exceptions === '' ? '' : ` (${exceptions})`}`,
    ...theirs.flat(),
    ...[row.tolerance === undefined ? absent : String(row.tolerance), ...verdictOf(comparison)],
  ];
}

function verdictOf({ judgement, differsFrom, explanation }: Comparison): [Cell, Cell] {
  if (judgement === 'within') return [{ text: 'within', tone: 'good' }, explanation];
  if (judgement === 'pending') return ['not there yet', ''];
  if (judgement === 'unjudged') return ['not judged', explanation];
  const verdict: Cell = {
    text: differsFrom.length === 0 ? 'differs' : `differs from ${differsFrom.join(', ')}`,
    tone: 'strong',
  };
  return [verdict, explanation === '' ? { text: 'not explained', tone: 'bad' } : explanation];
}
