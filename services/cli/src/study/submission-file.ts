/** What is submitted of a local study, kept in its folder: a study that was stopped before its coordinator had it is not lost. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import type { StudyFolder } from './study-folder.ts';

/** What a coordinator is given. */
export interface Submission {
  readonly definition: StudyDefinition;
  readonly execution: StudyExecution;
}

const fileOf = ({ path }: StudyFolder, studyId: string): string => join(path, 'submissions', `${studyId}.json`);

/** Writes the submission of a study into the folder. */
export async function writeSubmission(folder: StudyFolder, studyId: string, submission: Submission): Promise<void> {
  const json = {
    definition: toJson(StudyDefinitionSchema, submission.definition),
    execution: toJson(StudyExecutionSchema, submission.execution),
  };
  await mkdir(join(folder.path, 'submissions'), { recursive: true });
  await writeFile(fileOf(folder, studyId), `${JSON.stringify(json)}\n`);
}

/** The submission of a study; `undefined` where there is none. Throws 'corrupt'. */
export async function readSubmission(folder: StudyFolder, studyId: string): Promise<Submission | undefined> {
  const file = fileOf(folder, studyId);
  const text = await readFile(file, 'utf8').catch(() => undefined);
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
