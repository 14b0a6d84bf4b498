/** Follows studies to their ends, telling a reporter what happens. */
import { createHash } from 'node:crypto';
import { WeftError } from '@weft/core';
import { resultTable } from '@weft/studies';
import type { ServiceClient, StudyCosts, StudyDefinition, StudyService, Trial } from '@weft/wire';
import { isOver, studyFigures, trialFigures, type StudyFigures } from './study-figures.ts';
import type { StudyReporter } from './study-reporter.ts';
import { cellTable } from './study-table.ts';

/** A connection to a coordinator. */
export type StudyClient = ServiceClient<typeof StudyService>;

/** A study that has ended. */
export interface EndedStudy {
  readonly study: StudyFigures;
  readonly definition: StudyDefinition;
  readonly trials: readonly Trial[];
  readonly costs: StudyCosts | undefined;
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
): Promise<EndedStudy[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const follow = async (studyId: string): Promise<EndedStudy> => {
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
): Promise<EndedStudy> {
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
  return readStudyResults(client, studyId, signal);
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
export function reportStudyEnd(ended: EndedStudy, folder: string | undefined, reporter: StudyReporter): void {
  const { study, definition, trials } = ended;
  const tableDigest = createHash('sha256').update(resultTable(definition, trials)).digest('hex');
  reporter.ended({ study, tableDigest, cells: cellTable(definition, trials), folder });
}

/** The exit code for studies that have ended: 0 where all finished and each has a result. */
export function exitErrorOf(ended: readonly EndedStudy[]): WeftError | undefined {
  for (const { study } of ended) {
    const { complete, pruned, diverged, excused } = study.counts;
    if (study.phase === 'cancelled') return new WeftError('cancelled', study.reason);
    if (study.phase === 'failed') return new WeftError('internal', study.reason);
    if (excused > 0 && complete + pruned + diverged === 0) return new WeftError('internal', 'no trial has a result');
  }
  return undefined;
}
