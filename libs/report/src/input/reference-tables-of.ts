import type { ReferenceFigure, ReferenceTable as StudyTable } from '@weft/studies';
import type { Metric, ReferenceTable } from './reference-table.ts';

const metrics: Readonly<Record<ReferenceFigure, Metric>> = {
  ...{ validationAccuracy: 'validation-accuracy', testLoss: 'test-loss', testAccuracy: 'test-accuracy' },
};

/**
 * A table of a published study as tables of a report, one for each of its figures, to be filled by `studyIds`.
 *
 * PyTorch's values stand beside its first figure; a row's tolerance is taken for both sources, so that the report explains where the
 * published value differs as well.
 */
export function referenceTablesOf(table: StudyTable, studyIds: readonly string[]): ReferenceTable[] {
  const { number, title, heading, setting, epochs, rows, figures } = table;
  return figures.map((figure, at) => {
    const measured = at === 0 && rows.some(({ pytorch }) => pytorch !== undefined);
    return {
      ...{ studyIds, title: `Table ${number}, ${title}`, metric: metrics[figure], heading, epochs, remark: undefined },
      sources: measured ? ['study', 'PyTorch'] : ['study'],
      rows: rows.map(({ label, value, reference, pytorch, tolerance, note }) => ({
        ...{ label, settings: new Map([[setting, value]]), tolerance, explanation: note },
        values: [reference[figure], ...(measured ? [pytorch] : [])],
      })),
    };
  });
}
