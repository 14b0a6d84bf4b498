import { isStudyId, studyIdRule } from '@weft/studies';
import { stringOption } from '@weft/options';
import { command } from '../command.ts';
import type { CommandContext } from '../context.ts';
import {
  coordinatorOption,
  engineOption,
  localTrainers,
  outputOptions,
  stateDirOption,
} from '../run/cluster-options.ts';
import { trainingOptions } from '../run/training-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { followStudies, reportStudyEnd } from '../study/follow-studies.ts';
import { studyFigures } from '../study/study-figures.ts';
import { createStudyFolder } from '../study/study-folder.ts';
import { exitCodeOfStudies, incompleteNote } from '../study/study-exit-code.ts';
import { withStudyClient } from '../study/study-place.ts';
import type { StudyReporter } from '../study/study-reporter.ts';
import { readStudy } from '../study/study-source.ts';
import { ensureOn, sweepLocally, type WantedStudy } from '../study/sweep-locally.ts';
import {
  defaultTrainers,
  newStudyId,
  reportStudyStop,
  studyReporterFor,
  studyTrainersOption,
} from '../study/sweep-options.ts';

/** Runs a study: on a cluster started for it, or on one that exists. */
export const sweepCommand = command(
  {
    name: 'weft sweep',
    summary: 'Runs a study of many trials on a cluster of this machine, or on an existing cluster.',
    options: {
      studyId: stringOption({
        summary: 'Name of the study; default made from its name and the time.',
        placeholder: 'ID',
        accept: { test: isStudyId, rule: studyIdRule },
      }),
      trainers: studyTrainersOption,
      engine: engineOption,
      dataDir: trainingOptions.dataDir,
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: {
      file: stringOption({ summary: 'The study; see docs/study-file.md.', placeholder: 'STUDY.yaml', required: true }),
    },
    notes: [
      'The table of results depends on the study file, models and data alone: its digest is the same on 1 trainer or 7, with trainers killed, and after pauses.',
      incompleteNote,
    ],
    examples: ['weft sweep studies/fashion-mnist/quick/learning-rate.yaml --trainers 2', 'weft sweep resume STUDY'],
  },
  async (values, { context }) => {
    const { json, coordinator, engine } = values;
    const { definition, execution, dataDirectory } = await readStudy(values.file, values.dataDir, context);
    const studyId = values.studyId ?? newStudyId(definition.name, new Date());
    if (coordinator !== undefined) {
      const reporter = studyReporterFor(json, `the cluster at ${coordinator}`, context);
      return sweepRemotely(coordinator, { studyId, submission: { definition, execution } }, reporter, context);
    }
    const local = {
      trainers: values.trainers ?? defaultTrainers(),
      ...(engine === undefined ? {} : { engine }),
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
    };
    const record = { format: 1, studyIds: [studyId], local, createdAt: new Date().toISOString() } as const;
    const submission = { definition, execution };
    const state = stateDirectory(values.stateDir, context);
    const folder = await createStudyFolder(state, studyId, record, { [studyId]: submission });
    const reporter = studyReporterFor(json, localTrainers(local.trainers), context);
    const studies = [{ studyId, submission }];
    const outcome = await sweepLocally({ folder, local, studies }, reporter, context);
    if (outcome.kind === 'ended') return exitCodeOfStudies(outcome.studies);
    const where = values.stateDir === undefined ? '' : ` --state-dir ${values.stateDir}`;
    return reportStudyStop(`weft sweep resume ${studyId}${where}`, context);
  },
);

/** Submits or resumes a study of an existing cluster and follows it; leaving does not stop it. */
export async function sweepRemotely(
  address: string,
  wanted: WantedStudy,
  reporter: StudyReporter,
  context: CommandContext,
): Promise<number> {
  const { studyId } = wanted;
  const { stop: signal } = context;
  try {
    return await withStudyClient(address, async (client) => {
      reporter.begun(studyFigures(await ensureOn(client, wanted, signal)), undefined);
      const ended = await followStudies(client, [studyId], reporter, signal);
      for (const study of ended) reportStudyEnd(study, undefined, reporter);
      return exitCodeOfStudies(ended);
    });
  } catch (thrown) {
    reporter.dropped();
    if (!signal.aborted) throw thrown;
    const follow = `weft sweep resume ${studyId} --coordinator ${address}`;
    context.errorOutput.write(`left study ${studyId}, which goes on; follow it with: ${follow}\n`);
    return signal.reason === 'SIGTERM' ? 143 : 130;
  }
}
