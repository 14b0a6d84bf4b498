import { command } from '../command.ts';
import { engineOption, localTrainers } from '../run/cluster-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { findStudy } from '../study/study-folder.ts';
import { exitCodeOfStudies, incompleteNote } from '../study/study-exit-code.ts';
import { keptSubmission } from '../study/submission-file.ts';
import { sweepLocally } from '../study/sweep-locally.ts';
import {
  reportStudyStop,
  studyOperand,
  studyPlaceOptions,
  studyReporterFor,
  studyTrainersOption,
} from '../study/sweep-options.ts';
import { sweepRemotely } from './sweep.ts';

/** Lets a study go on, and follows it. */
export const sweepResumeCommand = command(
  {
    name: 'weft sweep resume',
    summary: 'Lets an interrupted or paused study go on, and follows it to its end.',
    options: { trainers: studyTrainersOption, engine: engineOption, ...studyPlaceOptions },
    operands: { study: studyOperand },
    notes: ['The number of trainers may differ from before: the results do not.', incompleteNote],
    examples: ['weft sweep resume learning-rate-20260102-030405-1f03c2 --trainers 4'],
  },
  async (values, { context }) => {
    const { study, json, coordinator, engine, trainers } = values;
    if (coordinator !== undefined) {
      const reporter = studyReporterFor(json, `the cluster at ${coordinator}`, context);
      return sweepRemotely(coordinator, { studyId: study }, reporter, context);
    }
    const { folder, record } = await findStudy(stateDirectory(values.stateDir, context), study);
    const local = {
      ...record.local,
      ...(engine === undefined ? {} : { engine }),
      ...(trainers === undefined ? {} : { trainers }),
    };
    const reporter = studyReporterFor(json, localTrainers(local.trainers), context);
    const wanted = record.studyIds.includes(study) ? [study] : record.studyIds;
    const studies = wanted.map((studyId) => ({ studyId, kept: async () => keptSubmission(folder, studyId) }));
    const outcome = await sweepLocally({ folder, local, studies }, reporter, context);
    if (outcome.kind === 'ended') return exitCodeOfStudies(outcome.studies);
    const where = values.stateDir === undefined ? '' : ` --state-dir ${values.stateDir}`;
    return reportStudyStop(`weft sweep resume ${study}${where}`, context);
  },
);
