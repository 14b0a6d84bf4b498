/** What is submitted of a local study, kept in its folder: a study that was stopped before its coordinator had it is not lost. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import {
  fromJson,
  StudyDefinitionSchema,
  StudyExecutionSchema,
  toJson,
  type JsonValue,
  type StudyDefinition,
  type StudyExecution,
} from '@weft/wire';
import type { RunFolder } from '../run-folder/run-folder.ts';
import { makeFolder, writeWhole } from '../run-folder/whole-file.ts';

/** What a coordinator is given. */
export interface Submission {
  readonly definition: StudyDefinition;
  readonly execution: StudyExecution;
}

const fileOf = ({ path }: RunFolder, studyId: string): string => join(path, 'submissions', `${studyId}.json`);

/** Writes the submission of a study into the folder, as a whole or not at all. Throws that it cannot be written. */
export async function writeSubmission(folder: RunFolder, studyId: string, submission: Submission): Promise<void> {
  const json = {
    definition: toJson(StudyDefinitionSchema, submission.definition),
    execution: toJson(StudyExecutionSchema, submission.execution),
  };
  const file = fileOf(folder, studyId);
  await makeFolder(dirname(file));
  await writeWhole(file, `${JSON.stringify(json)}\n`);
}

/**
 * The submission of a study that its coordinator does not have. Throws 'not-found' or 'corrupt', with what to do, where that is lost
 * too: then nothing of the study is left.
 */
export async function keptSubmission(folder: RunFolder, studyId: string): Promise<Submission> {
  const isAlone = basename(folder.path) === studyId;
  const again = isAlone ? `remove ${folder.path} and give its file to \`weft sweep\` again` : 'give `weft study` again';
  const lost = `nothing of study ${studyId} was begun; ${again}`;
  const kept = await readSubmission(folder, studyId).catch((cause: unknown) => {
    if (!(cause instanceof WeftError) || cause.code !== 'corrupt') throw cause;
    throw new WeftError('corrupt', `${cause.message}; ${lost}`, { cause });
  });
  if (kept === undefined) throw new WeftError('not-found', `${fileOf(folder, studyId)} is missing; ${lost}`);
  return kept;
}

/** The submission of a study; `undefined` where there is none. Throws 'corrupt', or 'unavailable' where it cannot be read. */
export async function readSubmission(folder: RunFolder, studyId: string): Promise<Submission | undefined> {
  const file = fileOf(folder, studyId);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new WeftError('unavailable', `cannot read ${file}: ${describeError(cause)}`, { cause });
  });
  if (text === undefined) return undefined;
  try {
    const { definition, execution } = JSON.parse(text) as Record<'definition' | 'execution', JsonValue>;
    return {
      definition: fromJson(StudyDefinitionSchema, definition),
      execution: fromJson(StudyExecutionSchema, execution),
    };
  } catch (cause) {
    throw new WeftError('corrupt', `${file} is no submission of a study: ${describeError(cause)}`, { cause });
  }
}
