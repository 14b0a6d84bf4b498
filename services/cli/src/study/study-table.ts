/** The cells of a study as a table for people: best first, each with the mean over its seeds. */
import { cellSummaries, describeAssignment, type CellSummary, type Interval } from '@weft/studies';
import type { StudyDefinition, Trial } from '@weft/wire';
import { formatFraction, formatLoss } from '../output/format.ts';

export interface CellTable {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One row a cell. Cells without a complete trial come last, in the order of their numbers. */
export function cellTable(definition: StudyDefinition, trials: readonly Trial[]): CellTable {
  const sign = definition.objective?.maximize === true ? -1 : 1;
  const rank = ({ value }: CellSummary): number => (value === undefined ? Number.POSITIVE_INFINITY : sign * value.mean);
  const cells = cellSummaries(trials).sort((a, b) => compare(rank(a), rank(b)) || a.cell - b.cell);
  const metric = definition.objective?.metric ?? 'objective';
  const format = metric.endsWith('accuracy') ? formatFraction : formatLoss;
  return {
    titles: ['cell', metric, 'test acc', 'trials'],
    rows: cells.map((cell) => [
      describeAssignment(cell.assignment),
      intervalText(cell.value, format),
      intervalText(cell.testAccuracy, formatFraction),
      trialsText(cell),
    ]),
  };
}

/** `0.8532 ± 0.0041`, without the second part for a single value; `-` for none. */
export function intervalText(interval: Interval | undefined, format: (value: number) => string): string {
  if (interval === undefined) return '-';
  const { mean, halfWidth } = interval;
  return halfWidth === undefined ? format(mean) : `${format(mean)} ± ${format(halfWidth)}`;
}

function trialsText({ counts }: CellSummary): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([phase, count]) => `${String(count)} ${phase}`).join(', ');
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
