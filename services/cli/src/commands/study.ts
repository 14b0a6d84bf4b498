import { resolve } from 'node:path';
import { WeftError } from '@weft/core';
import { choiceOption, listOption, stringOption } from '@weft/options';
import { command } from '../command.ts';
import { engineOption, localTrainers, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { trainingOptions } from '../run/training-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { bestModel } from '../study/best-model.ts';
import { definitionDifferences } from '../study/definition-differences.ts';
import type { EndedStudy } from '../study/follow-studies.ts';
import { referenceLines } from '../study/reference-lines.ts';
import { partsOfStudy, remarksOn, scales, tableNumbers, type PartOfStudy } from '../study/reference-study.ts';
import { exitCodeOfStudies, incompleteNote } from '../study/study-exit-code.ts';
import { recordStudies, studyFolder, type StudyFolder } from '../study/study-folder.ts';
import { readStudy } from '../study/study-source.ts';
import { readSubmission, writeSubmission, type Submission } from '../study/submission-file.ts';
import { sweepLocally, type WantedStudy } from '../study/sweep-locally.ts';
import { defaultTrainers, reportStudyStop, studyReporterFor, studyTrainersOption } from '../study/sweep-options.ts';

const scaleOption = choiceOption({
  summary: 'quick: a few minutes on 2 cores; standard: under an hour; full: table 6.1 at 50 epochs, three seeds, days.',
  choices: scales,
  default: 'quick',
});

const nameOption = choiceOption({ summary: 'Which study.', choices: ['fashion-mnist'], required: true });

/** Computes a published study again and puts what it finds beside it. */
export const studyCommand = command(
  {
    name: 'weft study',
    summary: 'Reproduces a published study, its tables side by side with ours, and writes a report.',
    options: {
      scale: scaleOption,
      tables: listOption({
        item: choiceOption({ summary: '', choices: tableNumbers }),
        summary: 'Only these tables; default all.',
      }),
      trainers: studyTrainersOption,
      out: stringOption({ summary: 'Folder for the report.', placeholder: 'DIR', default: 'study-report' }),
      dataDir: trainingOptions.dataDir,
      engine: engineOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: { study: nameOption },
    notes: [
      'It resumes where it stopped: give the same command again. docs/study-file.md says what its study files mean.',
      incompleteNote,
    ],
    examples: ['weft study fashion-mnist', 'weft study fashion-mnist --scale standard --trainers 2 --tables 3.1,4.1'],
  },
  async (values, { context }) => {
    const { study, scale, json, engine, dataDir, tables } = values;
    const parts = await partsOfStudy(scale, tables);
    const local = {
      trainers: values.trainers ?? defaultTrainers(),
      ...(engine === undefined ? {} : { engine }),
      ...(dataDir === undefined ? {} : { dataDirectory: dataDir }),
    };
    const id = `${study}-${scale}`;
    const studyIds = parts.map(({ name }) => `${id}-${name}`);
    const folder = studyFolder(stateDirectory(values.stateDir, context), id);
    const wanted: WantedStudy[] = [];
    for (const [index, part] of parts.entries()) {
      const studyId = studyIds[index] ?? part.name;
      const { definition, execution } = await readStudy(part.path, dataDir, context);
      const kept = await readableSubmission(folder, studyId);
      if (kept === undefined) await writeSubmission(folder, studyId, { definition, execution });
      else if (definitionDifferences(kept.definition, definition).length > 0) {
        context.errorOutput.write(`study ${studyId} was begun with another definition, and goes on with that\n`);
      }
      wanted.push({ studyId, kept: () => Promise.resolve(kept ?? { definition, execution }) });
    }
    await recordStudies(folder, { studyIds, local });
    const reporter = studyReporterFor(json, localTrainers(local.trainers), context);
    const outcome = await sweepLocally({ folder, local, studies: wanted }, reporter, context);
    const where = values.stateDir === undefined ? '' : ` --state-dir ${values.stateDir}`;
    const again = `weft study ${study} --scale ${scale}${tables.length === 0 ? '' : ` --tables ${tables.join(',')}`}`;
    if (outcome.kind === 'stopped') return reportStudyStop(`${again}${where}`, context);
    const say = (text: string): void => (json ? context.errorOutput : context.output).write(`${text}\n`);
    showTables(parts, outcome.studies, say);
    const remarks = remarksOn(scale, parts);
    const place = { coordinator: undefined, stateDir: folder.coordinator };
    const best = await bestModel(outcome.studies, place, dataDir, context, (text) => remarks.push(text));
    const { writeStudyReport, referencesOf } = await import('../study/write-study-report.ts');
    const facts = {
      ...{ title: `The Fashion-MNIST study, scale ${scale}`, best, remarks, commands: [again] },
      references: referencesOf(
        parts.map(({ table }) => table),
        outcome.studies,
      ),
    };
    const out = resolve(context.workingDirectory, values.out);
    const paths = await writeStudyReport(outcome.studies, facts, out, id);
    say(`\nreport: ${paths[0] ?? out}`);
    return exitCodeOfStudies(outcome.studies);
  },
);

/** What is kept of a study; what cannot be read is of no use, and is written again. */
async function readableSubmission(folder: StudyFolder, studyId: string): Promise<Submission | undefined> {
  try {
    return await readSubmission(folder, studyId);
  } catch (thrown) {
    if (thrown instanceof WeftError && thrown.code === 'corrupt') return undefined;
    throw thrown;
  }
}

function showTables(parts: readonly PartOfStudy[], studies: readonly EndedStudy[], say: (text: string) => void): void {
  for (const table of new Set(parts.map((part) => part.table))) say(`\n${referenceLines(table, studies).join('\n')}`);
}
