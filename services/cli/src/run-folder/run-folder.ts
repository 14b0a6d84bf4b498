/**
 * The folder of one local run: `run.json` (the record), `coordinator/` (its state and checkpoints) and `logs/`.
 *
 * Each run has its own coordinator state, so that two commands at once never meet. A lock file with the owner's process
 * number keeps two of them off one run.
 */
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, nearestName, WeftError } from '@weft/core';
import type { RunRecord } from './run-record.ts';
import { unwritable, writeWhole } from './whole-file.ts';

/** Paths of a run's folder. */
export interface RunFolder {
  readonly path: string;
  readonly record: string;
  readonly coordinator: string;
  readonly logs: string;
  readonly lock: string;
}

const runsOf = (state: string): string => join(state, 'runs');

/** The paths of the run `runId` below the state directory, whether it exists or not. */
export function runFolder(state: string, runId: string): RunFolder {
  const path = join(runsOf(state), runId);
  return {
    path,
    record: join(path, 'run.json'),
    coordinator: join(path, 'coordinator'),
    logs: join(path, 'logs'),
    lock: join(path, 'lock'),
  };
}

/** Makes the folder of a new run. Throws 'already-exists', or what keeps the directory from being written. */
export async function createRunFolder(state: string, runId: string): Promise<RunFolder> {
  const folder = runFolder(state, runId);
  try {
    await mkdir(runsOf(state), { recursive: true });
    await mkdir(folder.path);
  } catch (cause) {
    // A folder without a record is what is left of a run that never began.
    if (codeOf(cause) === 'EEXIST' && (await readRecord(folder)) === undefined) return folder;
    if (codeOf(cause) === 'EEXIST') {
      const remedy = `go on with it by \`weft resume ${runId}\`, or choose another --run-id`;
      throw new WeftError('already-exists', `run ${runId} exists already in ${folder.path}; ${remedy}`);
    }
    throw unwritable(state, cause);
  }
  return folder;
}

/** Takes the run for this process until `release`. Throws 'precondition-failed' where another live process has it. */
export async function lockRun(folder: RunFolder, processId: number): Promise<() => Promise<void>> {
  const own = `${folder.lock}.${String(processId)}`;
  for (;;) {
    try {
      await writeFile(own, String(processId));
      // A link appears with its content, so nobody reads a lock without an owner.
      await link(own, folder.lock);
      return () => rm(folder.lock, { force: true });
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw unwritable(folder.path, cause);
    } finally {
      await rm(own, { force: true });
    }
    const owner = await lockOwner(folder);
    if (owner !== undefined) {
      throw new WeftError('precondition-failed', `process ${String(owner)} works on this run (${folder.lock})`);
    }
    await rm(folder.lock, { force: true });
  }
}

/** The live process that has the run. */
async function lockOwner(folder: RunFolder): Promise<number | undefined> {
  const owner = Number(await readFile(folder.lock, 'utf8').catch(() => ''));
  return Number.isInteger(owner) && owner > 0 && isAlive(owner) ? owner : undefined;
}

/** Writes the record so that a reader sees the old one or the new one, never a part. */
export async function writeRecord(folder: RunFolder, record: RunRecord): Promise<void> {
  await writeWhole(folder.record, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The record of a run; a run that is not over and has no live owner is `interrupted`. Undefined where there is none. */
export async function readRecord(folder: RunFolder): Promise<RunRecord | undefined> {
  const text = await readFile(folder.record, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as RunRecord;
    const open = record.phase === 'running' || record.phase === 'queued';
    return open && (await lockOwner(folder)) === undefined ? { ...record, phase: 'interrupted' } : record;
  } catch (cause) {
    throw new WeftError('corrupt', `${folder.record} is no run record: ${describeError(cause)}`, { cause });
  }
}

/** Every run below the state directory, the newest first. */
export async function listRecords(state: string): Promise<RunRecord[]> {
  const names = await readdir(runsOf(state)).catch(() => []);
  const records = await Promise.all(names.map((name) => readRecord(runFolder(state, name))));
  return records
    .filter((record) => record !== undefined)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}

/** The folder and record of a run that must exist. Throws 'not-found' with the nearest run. */
export async function findRun(state: string, runId: string): Promise<{ folder: RunFolder; record: RunRecord }> {
  const folder = runFolder(state, runId);
  const record = await readRecord(folder);
  if (record !== undefined) return { folder, record };
  const names = await readdir(runsOf(state)).catch(() => []);
  const nearest = nearestName(runId, names);
  const hint = nearest === undefined ? 'see `weft runs`' : `did you mean ${nearest}?`;
  throw new WeftError('not-found', `there is no run ${runId} in ${runsOf(state)}; ${hint}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === 'EPERM';
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
