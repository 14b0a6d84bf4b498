/** A reference table as a picture: a curve over numbers, bars over names, with others' values as marks. */
import { axisChart } from '../charts/axis-chart.ts';
import { barChart } from '../charts/bar-chart.ts';
import type { Figure } from '../document/block.ts';
import type { ReferenceTable } from '../input/reference-table.ts';
import { exceptionsOf } from '../results/cell-estimate.ts';
import type { Comparison } from '../results/comparison.ts';
import { absent, estimateText } from '../results/figure-text.ts';
import { metricMeasure } from '../results/measure.ts';
import { isWide } from '../results/parameter-axis.ts';

/** The figure of `table`, whose rows are compared in `comparisons`. */
export function referenceFigure(table: ReferenceTable, comparisons: readonly Comparison[]): Figure {
  const { name } = metricMeasure(table.metric);
  const interval = comparisons.some(({ ours }) => ours?.halfWidth !== undefined)
    ? '; lines with caps are 95 % intervals of the mean over seeds'
    : '';
  const numbers = comparisons.map(({ row }) => onlyNumber(row.settings));
  const drawing = numbers.includes(undefined) ? bars(table, comparisons) : curve(table, comparisons);
  return { caption: `${table.title}: ${name}, ours and theirs${interval}`, drawings: [drawing] };
}

/** The value of a row that is about one number; undefined where it is about anything else. */
function onlyNumber(settings: ReferenceTable['rows'][number]['settings']): number | undefined {
  const [value] = settings.values();
  return settings.size === 1 && typeof value === 'number' ? value : undefined;
}

function curve({ metric, heading, sources }: ReferenceTable, comparisons: readonly Comparison[]): string {
  const measure = metricMeasure(metric);
  const rows = comparisons
    .map((comparison) => ({ ...comparison, at: onlyNumber(comparison.row.settings) ?? 0 }))
    .sort((a, b) => a.at - b.at);
  return axisChart({
    ...{ parameter: heading, figure: measure.name, logarithmic: isWide(rows[0]?.at ?? 0, rows.at(-1)?.at ?? 0) },
    trials: rows.flatMap(({ at, trials }) =>
      trials.flatMap((trial) => {
        const value = measure.of(trial);
        return value === undefined ? [] : [[at, value] as const];
      }),
    ),
    means: rows.flatMap(({ at, ours }) => (ours === undefined ? [] : [{ at, ...ours }])),
    others: sources.map((name, source) => ({
      name,
      points: rows.flatMap(({ at, row }) => {
        const value = row.values[source];
        return value === undefined ? [] : [[at, value] as const];
      }),
    })),
  });
}

function bars({ metric, heading, sources }: ReferenceTable, comparisons: readonly Comparison[]): string {
  const { name } = metricMeasure(metric);
  return barChart({
    ...{ figure: name, label: `${name} by ${heading}`, others: sources },
    bars: comparisons.map(({ row, trials, ours }) => ({
      ...{ name: row.label, value: ours?.mean, halfWidth: ours?.halfWidth, marks: row.values },
      text: ours === undefined ? exceptionsOf(trials) || absent : estimateText(ours, metric),
    })),
  });
}
