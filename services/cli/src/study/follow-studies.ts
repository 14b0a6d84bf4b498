/** Follows studies to their ends, telling a reporter what happens. */
import { createHash } from 'node:crypto';
import { WeftError } from '@weft/core';
import { resultTable } from '@weft/studies';
import type { StudyCosts, StudyDefinition, Trial } from '@weft/wire';
import { failedTrials } from './failed-trials.ts';
import type { StudyClient } from './study-client.ts';
import { isOver, studyFigures, trialFigures, type StudyFigures } from './study-figures.ts';
import type { StudyReporter } from './study-reporter.ts';
import { cellTable } from './study-table.ts';

/** A study that has ended. */
export interface EndedStudy {
  readonly study: StudyFigures;
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly costs: StudyCosts | undefined;
}

/** A study that was followed to its end. */
export interface FollowedStudy extends EndedStudy {
  /** Trials without a result because they failed, where the study finished. */
  readonly failed: readonly number[];
}

/**
 * Reports what happens to the studies until all have ended; the ends come back in the order of `studyIds`.
 *
 * Throws 'cancelled' by `signal`, 'unavailable' when the coordinator stops or is lost before the end.
 */
export async function followStudies(
  client: StudyClient,
  studyIds: readonly string[],
  reporter: StudyReporter,
  signal: AbortSignal,
): Promise<FollowedStudy[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const follow = async (studyId: string): Promise<FollowedStudy> => {
    try {
      return await followStudy(client, studyId, reporter, either);
    } catch (thrown) {
      failed.abort(thrown);
      throw thrown;
    }
  };
  const outcomes = await Promise.allSettled(studyIds.map(follow));
  // The first failure has cancelled the others: it is the one that says why.
  if (failed.signal.aborted) throw failed.signal.reason;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

async function followStudy(
  client: StudyClient,
  studyId: string,
  reporter: StudyReporter,
  signal: AbortSignal,
): Promise<FollowedStudy> {
  let study: StudyFigures | undefined;
  for await (const { event } of client.watchStudy({ studyId }, { signal })) {
    switch (event.case) {
      case 'study':
        study = studyFigures(event.value);
        reporter.study(study);
        break;
      case 'trial':
        if (study !== undefined) reporter.trial(study, trialFigures(event.value));
        break;
      case 'notice':
        reporter.notice(event.value.text, event.value.atSeconds);
        break;
      case undefined:
        break;
    }
  }
  if (study === undefined || !isOver(study)) {
    throw new WeftError('unavailable', `the coordinator ended the connection before study ${studyId} was over`);
  }
  const ended = await readStudyResults(client, studyId, signal);
  const failed = ended.study.phase === 'finished' ? await failedTrials(client, ended.trials, signal) : [];
  return { ...ended, failed };
}

/** A study with all its trials, as of now. */
export async function readStudyResults(client: StudyClient, studyId: string, signal: AbortSignal): Promise<EndedStudy> {
  const { study } = await client.getStudy({ studyId }, { signal });
  const definition = study?.definition;
  if (definition === undefined) {
    throw new WeftError('corrupt', `the coordinator answered without the definition of study ${studyId}`);
  }
  const trials: Trial[] = [];
  for await (const page of client.readTrials({ studyId }, { signal })) trials.push(...page.trials);
  return { study: studyFigures(study), definition, trials, costs: study?.costs };
}

/** Reports the end of a study with its cells and the digest of its table. */
export function reportStudyEnd(ended: FollowedStudy, folder: string | undefined, reporter: StudyReporter): void {
  const { study, definition, trials, failed } = ended;
  const tableDigest = createHash('sha256').update(resultTable(definition, trials)).digest('hex');
  reporter.ended({ study, failed, tableDigest, cells: cellTable(definition, trials), folder });
}
