import { resultTable, trialsCsv, trialsJson } from '@weft/studies';
import { choiceOption } from '@weft/options';
import { command } from '../command.ts';
import { table } from '../output/table.ts';
import { readStudyResults } from '../study/follow-studies.ts';
import { withStudy } from '../study/study-place.ts';
import { cellTable } from '../study/study-table.ts';
import { studyOperand, studyPlaceOptions } from '../study/sweep-options.ts';

const formatOption = choiceOption({
  summary: 'cells; canonical: one line a trial, equal bytes for equal studies; csv, json: with times.',
  choices: ['cells', 'canonical', 'csv', 'json'],
  default: 'cells',
});

/** Prints what a study found. */
export const sweepResultsCommand = command(
  {
    name: 'weft sweep results',
    summary: 'Prints the results of a study: cells for people, or every trial for programs.',
    options: {
      format: formatOption,
      coordinator: studyPlaceOptions.coordinator,
      stateDir: studyPlaceOptions.stateDir,
      verbose: studyPlaceOptions.verbose,
    },
    operands: { study: studyOperand },
    examples: ['weft sweep results STUDY --format canonical | sha256sum', 'weft sweep results STUDY --format csv'],
  },
  async ({ study, format, ...place }, { context }) =>
    withStudy(place, study, context, async ({ client, signal }) => {
      const { definition, trials } = await readStudyResults(client, study, signal);
      const texts = {
        cells: () => cellsText(cellTable(definition, trials)),
        canonical: () => resultTable(definition, trials),
        csv: () => trialsCsv(definition, trials),
        json: () => trialsJson(trials),
      };
      context.output.write(texts[format]());
      return 0;
    }),
);

function cellsText({ titles, rows }: ReturnType<typeof cellTable>): string {
  const columns = titles.map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' }) as const);
  return `${table(columns, rows).join('\n')}\n`;
}
