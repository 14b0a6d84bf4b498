/** A study file, read with everything that it names: what a coordinator is to be given. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import { syntheticDefaults } from '@weft/data';
import { defaultLearningRates, optimizerDefaults, type OptimizerName } from '@weft/engine';
import { architectureNames } from '@weft/nn-models';
import {
  definitionOf,
  executionOf,
  parseStudyFile,
  problemsOfStudy,
  type StudyFile,
  type StudyResources,
} from '@weft/studies';
import { create, DataSetSchema, OptimizerSchema, type StudyDefinition, type StudyExecution } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import { readDataSet } from '../run/data-set-source.ts';
import { readModel } from '../run/model-source.ts';

/** What a study file can name. */
export const studyVocabulary = { models: architectureNames } as const;

/** A study ready to be submitted. */
export interface StudySource {
  readonly definition: StudyDefinition;
  readonly execution: StudyExecution;
  /** Where its data are, for trainers of this machine. */
  readonly dataDirectory: string | undefined;
}

/**
 * Reads the file at `path`, its models and its data set. `dataDirectory` goes before the one that the file names.
 *
 * Throws 'not-found' for what cannot be read, and 'invalid-argument' that lists everything that is wrong with the study.
 */
export async function readStudy(
  path: string,
  dataDirectory: string | undefined,
  context: CommandContext,
): Promise<StudySource> {
  const absolute = resolve(context.workingDirectory, path);
  const study = parsed(await textOf(absolute), path);
  const folder = dirname(absolute);
  const own = study.dataSet.directory;
  const data = dataDirectory ?? (own === undefined ? undefined : resolve(folder, own));
  const definition = definitionOf(study, await resourcesOf(study, folder, data, context));
  const execution = executionOf(study);
  const problems = problemsOfStudy(definition, execution);
  if (problems.length > 0) throw refusal(path, problems);
  return { definition, execution, dataDirectory: data };
}

function parsed(text: string, path: string): StudyFile {
  const result = parseStudyFile(text, basename(path), studyVocabulary);
  if (!result.ok) throw refusal(path, result.problems);
  return result.study;
}

function refusal(path: string, problems: readonly string[]): WeftError {
  const lines = problems.map((problem) => `\n  ${problem}`).join('');
  return new WeftError('invalid-argument', `${path} is no study that can run:${lines}`);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WeftError('not-found', `cannot read the study file ${path}: ${describeError(cause)}`, { cause });
  });
}

async function resourcesOf(
  study: StudyFile,
  folder: string,
  dataDirectory: string | undefined,
  context: CommandContext,
): Promise<StudyResources> {
  const { name, validationSplit, synthetic } = study.dataSet;
  const { seed, trainExamples: trainCount, testExamples: testCount } = synthetic;
  const given = Object.entries({ seed, trainCount, testCount }).filter(([, value]) => value !== undefined);
  const parameters = { ...syntheticDefaults, ...Object.fromEntries(given) };
  const dataSet = await readDataSet({ name, dataDirectory, validationSplit, synthetic: parameters }, context);
  const models = [];
  for (const model of study.models) models.push(await readModel(model, folder));
  return { dataSet: create(DataSetSchema, dataSet), models, optimizer: defaultOptimizer };
}

/** An optimizer with Keras's defaults, flags as 1 and 0. */
function defaultOptimizer(name: string): ReturnType<StudyResources['optimizer']> {
  // A study file names only optimizers of the vocabulary, which a test compares with the engine's.
  const known = name as OptimizerName;
  const settings = Object.entries(optimizerDefaults[known]).filter(([key]) => key !== 'name');
  return create(OptimizerSchema, {
    name,
    learningRate: defaultLearningRates[known],
    settings: Object.fromEntries(settings.map(([key, value]) => [key, Number(value)])),
  });
}
