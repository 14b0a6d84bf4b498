/** Finds what a run has left: with the coordinator given, in the state directory, or with the coordinator that has that open. */
import { describeError, runId as brandRunId, WeftError } from '@weft/core';
import { addressFileName, openSqliteRunArchive, storeFileName, type RunArchive } from '@weft/store';
import { ArchiveService, openClient, RunService } from '@weft/wire';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandContext } from '../context.ts';
import { runFolder } from '../run-folder/run-folder.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import type { RecordedRun } from './recorded-run.ts';
import { remoteRun } from './remote-run.ts';
import { storedRun } from './stored-run.ts';

/** Where to look. */
export interface RecordPlace {
  readonly coordinator: string | undefined;
  /** A state directory of local runs, or of a coordinator. */
  readonly stateDir: string | undefined;
}

/** Gives `work` the run, and lets go of it after. Throws 'not-found' with the places that were looked at. */
export async function withRecordedRun<T>(
  place: RecordPlace,
  runId: string,
  context: CommandContext,
  work: (run: RecordedRun) => Promise<T>,
): Promise<T> {
  if (place.coordinator !== undefined) return asked(place.coordinator, runId, context, work);
  const state = stateDirectory(place.stateDir, context);
  const places = [runFolder(state, runId).coordinator, state];
  const directory = places.find((candidate) => existsSync(join(candidate, storeFileName)));
  if (directory === undefined) {
    const remedy = 'give --state-dir, or --coordinator for a run of an existing cluster';
    throw new WeftError('not-found', `there is no run ${runId} in ${places.join(' or ')}; ${remedy}`);
  }
  const archive = await opened(directory);
  if (typeof archive === 'string') return asked(archive, runId, context, work);
  try {
    return await work(storedRun(archive, directory, brandRunId(runId)));
  } finally {
    archive.close();
  }
}

/** The store of the directory, or the address of the coordinator that has it open. */
async function opened(directory: string): Promise<RunArchive | string> {
  try {
    return openSqliteRunArchive(join(directory, storeFileName));
  } catch (thrown) {
    if (!(thrown instanceof WeftError) || thrown.code !== 'already-exists') throw thrown;
    const address = await readFile(join(directory, addressFileName), 'utf8').catch(() => '');
    if (address !== '') return address;
    throw new WeftError('precondition-failed', `${describeError(thrown)}, or ask it with --coordinator`);
  }
}

async function asked<T>(
  address: string,
  runId: string,
  context: CommandContext,
  work: (run: RecordedRun) => Promise<T>,
): Promise<T> {
  const runs = openClient(RunService, { address });
  const archive = openClient(ArchiveService, { address });
  try {
    return await work(await remoteRun({ runs, archive }, address, runId, context.stop));
  } finally {
    runs.close();
    archive.close();
  }
}
