/** Puts what studies found beside a table of a published one. */
import type { ParameterValue } from '@weft/tuning';
import type { StudyDefinition, Trial } from '@weft/wire';
import { settingValue } from '../definition/setting-value.ts';
import { trialConfiguration } from '../definition/trial-configuration.ts';
import { cellSummaries, type CellSummary } from '../record/cell-summary.ts';
import type { Interval } from '../record/student-interval.ts';
import type { ReferenceFigure, ReferenceRow, ReferenceTable } from './reference-table.ts';

/** A study and its trials. */
export interface StudyRecord {
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
}

/** A row of the table with ours beside it. */
export interface ComparedRow {
  readonly row: ReferenceRow;
  /** The cell with the row's value; `undefined` where no study has one. */
  readonly cell: CellSummary | undefined;
  /** Epochs of its trials. */
  readonly epochs: number | undefined;
  readonly ours: Readonly<Partial<Record<ReferenceFigure, Interval>>>;
  /** Ours less the study's. */
  readonly difference: Readonly<Partial<Record<ReferenceFigure, number>>>;
  /** Ours less PyTorch's, of the first figure. */
  readonly pytorchDifference: number | undefined;
  /** `missing`: no complete trial yet. `not-compared`: there is nothing to hold it to. */
  readonly verdict: 'within' | 'outside' | 'not-compared' | 'missing';
}

/** The rows of `table` in its order, filled from those of `studies` that belong to it. */
export function compareWithReference(table: ReferenceTable, studies: readonly StudyRecord[]): ComparedRow[] {
  const cells = studies
    .filter(({ definition }) => definition.name.startsWith(table.studies))
    .flatMap((study) => cellsBy(study, table.setting));
  return table.rows.map((row) => {
    const found = cells.filter(({ value }) => value === row.value);
    return comparedRow(table, row, found.find(({ cell }) => cell.counts.complete > 0) ?? found[0]);
  });
}

interface FoundCell {
  readonly cell: CellSummary;
  readonly value: ParameterValue | undefined;
  readonly epochs: number;
}

function cellsBy({ definition, trials }: StudyRecord, setting: string): FoundCell[] {
  return cellSummaries(trials).map((cell) => {
    const configuration = trialConfiguration(definition, cell.assignment, 0);
    return { cell, value: settingValue(configuration, setting), epochs: configuration.epochs };
  });
}

function comparedRow({ figures }: ReferenceTable, row: ReferenceRow, found: FoundCell | undefined): ComparedRow {
  const ours: Partial<Record<ReferenceFigure, Interval>> = {};
  const difference: Partial<Record<ReferenceFigure, number>> = {};
  for (const figure of figures) {
    const interval = found?.cell[figure];
    const reference = row.reference[figure];
    if (interval === undefined) continue;
    ours[figure] = interval;
    if (reference !== undefined) difference[figure] = interval.mean - reference;
  }
  const [first] = figures;
  const mean = first === undefined ? undefined : ours[first]?.mean;
  const pytorchDifference = mean === undefined || row.pytorch === undefined ? undefined : mean - row.pytorch;
  const verdict = mean === undefined ? 'missing' : verdictOf(row, pytorchDifference);
  return { row, cell: found?.cell, epochs: found?.epochs, ours, difference, pytorchDifference, verdict };
}

function verdictOf({ tolerance }: ReferenceRow, difference: number | undefined): ComparedRow['verdict'] {
  if (tolerance === undefined || difference === undefined) return 'not-compared';
  return Math.abs(difference) <= tolerance ? 'within' : 'outside';
}
