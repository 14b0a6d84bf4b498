import { resolve } from 'node:path';
import { stringOption } from '@weft/options';
import { command } from '../command.ts';
import { trainingOptions } from '../run/training-options.ts';
import { bestModel } from '../study/best-model.ts';
import { readStudyResults } from '../study/follow-studies.ts';
import { withStudy } from '../study/study-place.ts';
import { studyOperand, studyPlaceOptions } from '../study/sweep-options.ts';

/** Writes a report of a study. */
export const sweepReportCommand = command(
  {
    name: 'weft sweep report',
    summary: 'Writes a report of a study: one HTML page, Markdown, CSV and JSON.',
    options: {
      out: stringOption({ summary: 'Folder for the files.', placeholder: 'DIR', default: '.' }),
      dataDir: trainingOptions.dataDir,
      coordinator: studyPlaceOptions.coordinator,
      stateDir: studyPlaceOptions.stateDir,
      verbose: studyPlaceOptions.verbose,
    },
    operands: { study: studyOperand },
    examples: ['weft sweep report STUDY --out report'],
  },
  async ({ study: studyId, out, dataDir, ...place }, { context }) => {
    const { output, errorOutput, workingDirectory } = context;
    const { ended, folder } = await withStudy(place, studyId, context, async ({ client, signal, folder }) => ({
      ended: await readStudyResults(client, studyId, signal),
      folder,
    }));
    const archive = { coordinator: place.coordinator, stateDir: folder?.coordinator };
    const remark = (text: string): void => errorOutput.write(`${text}\n`);
    const best = await bestModel([ended], archive, dataDir, context, remark);
    const facts = {
      ...{ title: `Study ${studyId}`, best, references: [], remarks: [] },
      commands: [`weft sweep STUDY.yaml --study-id ${studyId}`],
    };
    const { writeStudyReport } = await import('../study/write-study-report.ts');
    const paths = await writeStudyReport([ended], facts, resolve(workingDirectory, out), studyId);
    for (const path of paths) output.write(`${path}\n`);
    return 0;
  },
);
