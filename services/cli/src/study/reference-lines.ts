/** Reference tables with ours beside them, as text for a terminal. */
import { compareWithReference, type ComparedRow, type ReferenceTable } from '@weft/studies';
import { formatFraction, formatLoss } from '../output/format.ts';
import { table } from '../output/table.ts';
import type { EndedStudy } from './follow-studies.ts';
import { intervalText } from './study-table.ts';

/** A title, and the table with a row for each of the reference. */
export function referenceLines(reference: ReferenceTable, studies: readonly EndedStudy[]): string[] {
  const rows = compareWithReference(reference, studies);
  const columns = [
    { title: reference.heading },
    ...reference.figures.flatMap((figure) => [
      { title: figureTitles[figure], align: 'right' as const },
      { title: 'study', align: 'right' as const },
    ]),
    ...[{ title: 'PyTorch', align: 'right' as const }, { title: 'verdict' }],
  ];
  return [
    `Table ${reference.number}: ${reference.title}`,
    ...table(
      columns,
      rows.map((row) => cells(reference, row)),
    ),
  ];
}

const figureTitles = {
  validationAccuracy: 'ours, val acc',
  testLoss: 'ours, test loss',
  testAccuracy: 'ours, test acc',
};

function cells({ figures, epochs }: ReferenceTable, compared: ComparedRow): string[] {
  const { row, ours, verdict } = compared;
  const shown = figures.flatMap((figure) => {
    const format = figure === 'testLoss' ? formatLoss : formatFraction;
    const reference = row.reference[figure];
    return [intervalText(ours[figure], format), reference === undefined ? '-' : format(reference)];
  });
  const trained = compared.epochs;
  const fewer =
    trained !== undefined && trained !== epochs ? ` (${String(trained)} epochs, not ${String(epochs)})` : '';
  const differs =
    verdict === 'not-compared' && row.note !== undefined ? 'the study diverged' : verdict.replace('-', ' ');
  return [row.label, ...shown, row.pytorch === undefined ? '-' : formatFraction(row.pytorch), `${differs}${fewer}`];
}
