/**
 * The folder of local studies: `study.json` (how they are executed), `submissions/` (what they are), `coordinator/` (its
 * state: everything that is known of the studies and their runs), `logs/`. One folder can hold several studies, which then share the trainers.
 */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, nearestName, WeftError } from '@weft/core';
import type { RunFolder } from '../run-folder/run-folder.ts';
import type { LocalSettings } from '../run-folder/run-record.ts';

/** `study.json`. */
export interface StudyRecord {
  readonly format: 1;
  readonly studyIds: readonly string[];
  readonly local: LocalSettings;
  readonly createdAt: string;
}

/** Paths of a folder of studies. */
export type StudyFolder = RunFolder;

const studiesOf = (state: string): string => join(state, 'studies');

/** The paths of the folder called `id` below the state directory, whether it exists or not. */
function studyFolder(state: string, id: string): StudyFolder {
  const path = join(studiesOf(state), id);
  return {
    path,
    record: join(path, 'study.json'),
    coordinator: join(path, 'coordinator'),
    logs: join(path, 'logs'),
    lock: join(path, 'lock'),
  };
}

/** Makes the folder, with its record. Throws 'already-exists', or that it cannot be written. */
export async function createStudyFolder(state: string, id: string, record: StudyRecord): Promise<StudyFolder> {
  const folder = studyFolder(state, id);
  if ((await readStudyRecord(folder)) !== undefined) {
    const remedy = `go on with it by \`weft sweep resume ${id}\`, or choose another --study-id`;
    throw new WeftError('already-exists', `study ${id} exists already in ${folder.path}; ${remedy}`);
  }
  await writeStudyRecord(folder, record);
  return folder;
}

/** The folder for these studies, made where it is not there; what it holds already stays. */
export async function openStudyFolder(
  state: string,
  id: string,
  wanted: Pick<StudyRecord, 'studyIds' | 'local'>,
): Promise<StudyFolder> {
  const folder = studyFolder(state, id);
  const { studyIds = [], createdAt = new Date().toISOString() } = (await readStudyRecord(folder)) ?? {};
  const all = [...new Set([...studyIds, ...wanted.studyIds])];
  await writeStudyRecord(folder, { format: 1, studyIds: all, local: wanted.local, createdAt });
  return folder;
}

/** Writes the record so that a reader sees the old one or the new one, never a part. */
async function writeStudyRecord(folder: StudyFolder, record: StudyRecord): Promise<void> {
  const temporary = `${folder.record}.new`;
  try {
    await mkdir(folder.path, { recursive: true });
    await writeFile(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { flush: true });
    await rename(temporary, folder.record);
  } catch (cause) {
    const remedy = 'make it writable, or choose another directory with --state-dir';
    throw new WeftError('unavailable', `cannot write to ${folder.path}: ${describeError(cause)}; ${remedy}`, { cause });
  }
}

/** The record of a folder; `undefined` where there is none. Throws 'corrupt'. */
async function readStudyRecord(folder: StudyFolder): Promise<StudyRecord | undefined> {
  const text = await readFile(folder.record, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as StudyRecord;
  } catch (cause) {
    throw new WeftError('corrupt', `${folder.record} is no study record: ${describeError(cause)}`, { cause });
  }
}

/** A folder and its record. */
export interface FoundStudy {
  readonly folder: StudyFolder;
  readonly record: StudyRecord;
}

/** The folder called so, or the one that holds the study called so. Throws 'not-found' with the nearest name. */
export async function findStudy(state: string, id: string): Promise<FoundStudy> {
  const own = await foundIn(state, id);
  if (own !== undefined) return own;
  const names = await readdir(studiesOf(state)).catch(() => []);
  const known: string[] = [];
  for (const name of names) {
    const found = await foundIn(state, name);
    if (found?.record.studyIds.includes(id) === true) return found;
    known.push(name, ...(found?.record.studyIds ?? []));
  }
  const nearest = nearestName(id, known);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new WeftError('not-found', `there is no study ${id} in ${studiesOf(state)}${hint}`);
}

async function foundIn(state: string, name: string): Promise<FoundStudy | undefined> {
  const folder = studyFolder(state, name);
  const record = await readStudyRecord(folder);
  return record === undefined ? undefined : { folder, record };
}
