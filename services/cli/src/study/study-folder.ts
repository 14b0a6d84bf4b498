/**
 * The folder of local studies: `study.json` (how they are executed), `submissions/` (what they are), `coordinator/` (its
 * state: everything that is known of the studies and their runs), `logs/`. One folder can hold several studies, which then share the trainers.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, nearestName, WeftError } from '@weft/core';
import type { RunFolder } from '../run-folder/run-folder.ts';
import type { LocalSettings } from '../run-folder/run-record.ts';
import { makeFolder, writeWhole } from '../run-folder/whole-file.ts';
import { writeSubmission, type Submission } from './submission-file.ts';

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
export function studyFolder(state: string, id: string): StudyFolder {
  const path = join(studiesOf(state), id);
  return {
    path,
    record: join(path, 'study.json'),
    coordinator: join(path, 'coordinator'),
    logs: join(path, 'logs'),
    lock: join(path, 'lock'),
  };
}

/**
 * Makes the folder, with its record and what is to be submitted. The record comes last: whatever has one can go on, and a folder
 * without one is what is left of studies that never began. Throws 'already-exists', or that it cannot be written.
 */
export async function createStudyFolder(
  state: string,
  id: string,
  record: StudyRecord,
  submissions: Readonly<Record<string, Submission>>,
): Promise<StudyFolder> {
  const folder = studyFolder(state, id);
  if ((await readStudyRecord(folder)) !== undefined) {
    const remedy = `go on with it by \`weft sweep resume ${id}\`, or choose another --study-id`;
    throw new WeftError('already-exists', `study ${id} exists already in ${folder.path}; ${remedy}`);
  }
  for (const [studyId, submission] of Object.entries(submissions)) await writeSubmission(folder, studyId, submission);
  await writeStudyRecord(folder, record);
  return folder;
}

/** Adds studies, whose submissions are in the folder, to its record, which is made where it is not there. */
export async function recordStudies(
  folder: StudyFolder,
  wanted: Pick<StudyRecord, 'studyIds' | 'local'>,
): Promise<void> {
  const { studyIds = [], createdAt = new Date().toISOString() } = (await readStudyRecord(folder)) ?? {};
  const all = [...new Set([...studyIds, ...wanted.studyIds])];
  await writeStudyRecord(folder, { format: 1, studyIds: all, local: wanted.local, createdAt });
}

async function writeStudyRecord(folder: StudyFolder, record: StudyRecord): Promise<void> {
  await makeFolder(folder.path);
  await writeWhole(folder.record, `${JSON.stringify(record, undefined, 2)}\n`);
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
