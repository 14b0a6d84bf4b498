/** Which run has the model of a study: that of a trial, or of the best one. */
import { WeftError } from '@weft/core';
import type { RecordPlace } from '../archive/find-recorded-run.ts';
import type { CommandContext } from '../context.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { bestTrial } from './best-trial.ts';
import { readStudyResults } from './follow-studies.ts';
import { findStudy } from './study-folder.ts';
import { withStudy, withStudyClient, type StudyPlace } from './study-place.ts';

/** A run, and where it is. */
export interface StudyRun {
  readonly runId: string;
  readonly place: RecordPlace;
}

/**
 * The run of trial `trial` of the study, or of its best trial where none is named. Throws 'not-found' where there is no such study or
 * trial, and 'precondition-failed' where there is no result to choose.
 */
export async function runOfStudy(
  studyId: string,
  trial: number | undefined,
  place: StudyPlace,
  context: CommandContext,
): Promise<StudyRun> {
  return withStudy(place, studyId, context, async ({ client, signal, folder }) => {
    const ended = await readStudyResults(client, studyId, signal);
    const best = trial === undefined ? bestTrial([ended])?.trial : ended.trials.find((each) => each.trial === trial);
    if (best === undefined) {
      if (trial !== undefined) throw new WeftError('not-found', `study ${studyId} has no trial ${String(trial)}`);
      throw new WeftError('precondition-failed', `study ${studyId} has no complete trial to take a model from`);
    }
    if (best.runId === '') {
      throw new WeftError(
        'precondition-failed',
        `trial ${String(best.trial)} of study ${studyId} has no run: ${best.reason}`,
      );
    }
    return { runId: best.runId, place: { coordinator: place.coordinator, stateDir: folder?.coordinator } };
  });
}

/** Whether there is a study called so: among the local ones, or with the coordinator given. */
export async function isStudy(name: string, place: StudyPlace, context: CommandContext): Promise<boolean> {
  try {
    if (place.coordinator === undefined) await findStudy(stateDirectory(place.stateDir, context), name);
    else
      await withStudyClient(place.coordinator, (client) =>
        client.getStudy({ studyId: name }, { signal: context.stop }),
      );
    return true;
  } catch (thrown) {
    if (thrown instanceof WeftError && thrown.code === 'not-found') return false;
    throw thrown;
  }
}
