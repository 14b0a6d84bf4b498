/** A new run, or one that goes on, on a local cluster, with its record on disk. */
import { resolve } from 'node:path';
import { WeftError } from '@weft/core';
import type { CommandContext } from '../context.ts';
import type { Reporter } from '../output/reporter.ts';
import { createRunFolder, findRun, type RunFolder } from '../run-folder/run-folder.ts';
import { isResumable, type LocalSettings } from '../run-folder/run-record.ts';
import { transportSettings } from './cluster-options.ts';
import { recordingReporter, type RecordStart } from './recording-reporter.ts';
import { runLocally, type LocalOutcome, type LocalRun } from './run-locally.ts';
import type { ConfigurationInit } from './training-options.ts';

/** How it ended, and where everything about it is. */
export interface LocalEnd {
  readonly outcome: LocalOutcome;
  readonly folder: RunFolder;
}

/** A run that does not exist yet. */
export interface NewRun {
  readonly runId: string;
  readonly configuration: ConfigurationInit;
  readonly local: LocalSettings;
  /** The state directory. */
  readonly state: string;
  /** Entry points of the services; tests give others. */
  readonly entries?: LocalRun['entries'];
}

/** Makes the run's folder, and trains. Does not report the end: the caller does. */
export async function trainLocally(run: NewRun, reporter: Reporter, context: CommandContext): Promise<LocalEnd> {
  const { runId, configuration } = run;
  const local = withAbsoluteData(run.local, context.workingDirectory);
  const folder = await createRunFolder(run.state, runId);
  const start = { local, createdAt: new Date().toISOString(), epochs: [] };
  const { trainers: startTrainers, minTrainers = 1, transport: name = 'auto' } = local;
  const transport = transportSettings[name];
  const begin: LocalRun['begin'] = async (client, signal) =>
    (await client.submitRun({ runId, configuration, minTrainers, startTrainers, transport }, { signal })).run;
  const localRun = { runId, folder, local, begin, entries: run.entries };
  return { outcome: await recorded(localRun, start, reporter, context), folder };
}

/**
 * Lets a run go on from its last checkpoint, with the trainers it had, or as `changes` say: they decide no bits.
 *
 * Throws 'not-found', or 'precondition-failed' for a run that is over or that another process works on.
 */
export async function resumeLocally(
  state: string,
  runId: string,
  changes: Partial<LocalSettings>,
  makeReporter: (local: LocalSettings) => Reporter,
  context: CommandContext,
): Promise<LocalEnd & { readonly reporter: Reporter }> {
  const { folder, record } = await findRun(state, runId);
  if (!isResumable(record.phase)) {
    throw new WeftError('precondition-failed', `run ${runId} is ${record.phase}: there is nothing to resume`);
  }
  const local = withAbsoluteData({ ...record.local, ...changes }, context.workingDirectory);
  const { trainers: startTrainers, minTrainers = 1 } = local;
  const begin: LocalRun['begin'] = async (client, signal) =>
    (await client.resumeRun({ runId, minTrainers, startTrainers }, { signal })).run;
  const start = { local, createdAt: record.createdAt, epochs: record.epochs };
  const reporter = makeReporter(local);
  return { outcome: await recorded({ runId, folder, local, begin }, start, reporter, context), folder, reporter };
}

async function recorded(
  run: LocalRun,
  start: RecordStart,
  reporter: Reporter,
  context: CommandContext,
): Promise<LocalOutcome> {
  // The end is recorded here and shown by the caller, when nothing can fail any more.
  const recording = recordingReporter(run.folder, start, { ...reporter, ended: () => undefined });
  try {
    const outcome = await runLocally(run, recording, context);
    if (outcome.kind === 'ended') recording.ended({ ...outcome, folder: run.folder.path });
    return outcome;
  } finally {
    await recording.settled();
  }
}

function withAbsoluteData(local: LocalSettings, workingDirectory: string): LocalSettings {
  const { dataDirectory } = local;
  return dataDirectory === undefined ? local : { ...local, dataDirectory: resolve(workingDirectory, dataDirectory) };
}
