/** Studies on a local cluster: begun where they do not exist, gone on with where they do, followed to their ends. */
import { resolve } from 'node:path';
import { WeftError } from '@weft/core';
import { StudyState, type Study } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import type { LocalSettings } from '../run-folder/run-record.ts';
import { definitionDifferences } from './definition-differences.ts';
import { followStudies, reportStudyEnd, type FollowedStudy } from './follow-studies.ts';
import type { StudyClient } from './study-client.ts';
import { withStudyCluster, type StudyCluster } from './study-cluster.ts';
import { studyFigures } from './study-figures.ts';
import type { StudyFolder } from './study-folder.ts';
import type { StudyReporter } from './study-reporter.ts';
import type { Submission } from './submission-file.ts';

/** A study to be on. */
export interface WantedStudy {
  readonly studyId: string;
  /** What it must be, and is made where the coordinator does not have it. */
  readonly submission?: Submission;
  /** What it is made where the coordinator does not have it, whatever it is where it does. Asked for only then. */
  readonly kept?: () => Promise<Submission>;
}

/** What to run, and where. */
export interface LocalSweep {
  readonly folder: StudyFolder;
  readonly local: LocalSettings;
  readonly studies: readonly WantedStudy[];
  readonly entries?: StudyCluster['entries'];
}

/** Their ends, or that somebody wanted them to stop before. */
export type SweepOutcome =
  { readonly kind: 'ended'; readonly studies: readonly FollowedStudy[] } | { readonly kind: 'stopped' };

/** Runs them to their ends, and reports each. Throws a `WeftError` where a service fails, with the end of its log. */
export async function sweepLocally(
  sweep: LocalSweep,
  reporter: StudyReporter,
  context: CommandContext,
): Promise<SweepOutcome> {
  const { folder, local, studies } = sweep;
  const cluster = { folder, local: withAbsoluteData(local, context.workingDirectory), entries: sweep.entries };
  const onLost = (text: string): void => reporter.notice(text, Date.now() / 1000);
  try {
    const ended = await withStudyCluster(cluster, onLost, context, async ({ client, processes, signal }) => {
      for (const wanted of studies) {
        const study = await ensureOn(client, wanted, signal);
        requireTrainers(study, local.trainers);
        reporter.begun(studyFigures(study), processes);
      }
      return followStudies(
        client,
        studies.map(({ studyId }) => studyId),
        reporter,
        signal,
      );
    });
    for (const study of ended) reportStudyEnd(study, folder.path, reporter);
    return { kind: 'ended', studies: ended };
  } catch (thrown) {
    reporter.dropped();
    if (context.stop.aborted) return { kind: 'stopped' };
    throw thrown;
  }
}

/**
 * Sees to it that the study is on: submits it where it does not exist, resumes it where it is paused or has failed. To be asked
 * again, because an answer was lost, changes nothing. Throws 'already-exists' where the coordinator has another study of that name,
 * which is left alone.
 */
export async function ensureOn(client: StudyClient, wanted: WantedStudy, signal: AbortSignal): Promise<Study> {
  const { studyId, submission } = wanted;
  const study = (await existing(client, studyId, signal)) ?? (await submitted(client, wanted, signal));
  if (submission !== undefined) requireSame(study, submission);
  if (study.state !== StudyState.PAUSED && study.state !== StudyState.FAILED) return study;
  return answered((await client.resumeStudy({ studyId }, { signal })).study);
}

async function existing(client: StudyClient, studyId: string, signal: AbortSignal): Promise<Study | undefined> {
  try {
    return answered((await client.getStudy({ studyId }, { signal })).study);
  } catch (thrown) {
    if (thrown instanceof WeftError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

async function submitted(
  client: StudyClient,
  { studyId, submission, kept }: WantedStudy,
  signal: AbortSignal,
): Promise<Study> {
  const own = submission ?? (await kept?.());
  if (own === undefined) throw new WeftError('not-found', `the coordinator has no study ${studyId}`);
  try {
    return answered((await client.submitStudy({ studyId, ...own }, { signal })).study);
  } catch (thrown) {
    // Somebody else was faster.
    const there = thrown instanceof WeftError && thrown.code === 'already-exists';
    const study = there ? await existing(client, studyId, signal) : undefined;
    if (study === undefined) throw thrown;
    return study;
  }
}

function requireSame({ studyId, definition }: Study, submission: Submission): void {
  if (definition === undefined) throw new WeftError('corrupt', `the coordinator does not say what study ${studyId} is`);
  const differences = definitionDifferences(definition, submission.definition);
  if (differences.length === 0) return;
  const remedy = `choose another --study-id, or give \`weft sweep resume ${studyId}\` to follow the one that is there`;
  throw new WeftError(
    'already-exists',
    `study ${studyId} exists already, and is another one: it differs in ${differences.join(', ')}; ${remedy}`,
  );
}

function answered(study: Study | undefined): Study {
  if (study === undefined) throw new WeftError('corrupt', 'the coordinator answered without a study');
  return study;
}

/** A trial that needs more trainers than there will ever be would be waited for in vain. */
function requireTrainers({ studyId, execution }: Study, trainers: number): void {
  const needed = execution?.minTrainers ?? 1;
  if (needed <= trainers) return;
  const rule = `a trial needs ${String(needed)} trainers, but there are ${String(trainers)}`;
  throw new WeftError('precondition-failed', `study ${studyId}: ${rule}; give --trainers ${String(needed)}`);
}

function withAbsoluteData(local: LocalSettings, workingDirectory: string): LocalSettings {
  const { dataDirectory } = local;
  return dataDirectory === undefined ? local : { ...local, dataDirectory: resolve(workingDirectory, dataDirectory) };
}
