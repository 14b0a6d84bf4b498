/** The options that say what to train; shared by every command that starts a run. */
import { defaultChunkSize, idRule, isId, WeftError } from '@weft/core';
import { dataSetNames } from '@weft/data';
import { batchNormalizations, lossNames } from '@weft/engine';
import { architectureNames } from '@weft/nn-models';
import { choiceOption, integerOption, numberOption, stringOption, type ValuesOf } from '@weft/options';
import { problemsOfFit, type MessageInitShape, type RunConfigurationSchema } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import { chooseTogether } from './choose-together.ts';
import { chooseEarlyStopping, earlyStoppingOptions } from './early-stopping-options.ts';
import { readDataSet, syntheticParameters } from './data-set-source.ts';
import { isModelText, modelRule, readModel } from './model-source.ts';
import { chooseOptimizer, optimizerOptions } from './optimizer-options.ts';
import { chooseSchedule, scaledBatch, scaledRate, scheduleOptions, warmupProblem } from './schedule-options.ts';

const data = 'Data';

export const trainingOptions = {
  model: stringOption({
    summary: 'What to train.',
    placeholder: 'NAME|FILE',
    alias: 'm',
    required: true,
    accept: { test: isModelText, rule: modelRule },
    suggest: architectureNames,
  }),
  epochs: integerOption({
    summary: 'Passes over the training examples.',
    min: 1,
    max: 1_000_000,
    default: 5,
    alias: 'e',
  }),
  batchSize: integerOption({
    summary: 'Examples of one step, over all trainers.',
    min: 1,
    max: 1_000_000,
    default: 128,
    alias: 'b',
  }),
  chunkSize: integerOption({
    summary: 'Examples of one chunk, the unit of work. It decides bits; memory grows with it, and not with the batch.',
    min: 1,
    max: 65_536,
    default: defaultChunkSize,
  }),
  seed: integerOption({
    summary: 'Decides initial weights, order and dropout.',
    min: 0,
    max: 2 ** 48 - 1,
    default: 1,
    alias: 's',
  }),
  loss: choiceOption({
    summary: 'What is made small; classes need the default.',
    choices: lossNames,
    default: 'categoricalCrossentropy',
  }),
  batchNorm: choiceOption({
    summary: 'Statistics of batch normalization: of each chunk (ghost), or of the whole batch (sync; ort engines).',
    choices: batchNormalizations,
    default: 'ghost',
  }),
  runId: stringOption({
    summary: 'Name of the run; default made from model, optimizer and time.',
    placeholder: 'ID',
    accept: { test: isId, rule: idRule },
  }),
  ...optimizerOptions,
  ...scheduleOptions,
  ...earlyStoppingOptions,
  dataset: choiceOption({ summary: 'The examples.', choices: dataSetNames, default: 'fashion-mnist', section: data }),
  dataDir: stringOption({
    summary: 'Folder with the files of Fashion-MNIST, or with a folder fashion-mnist that has them.',
    placeholder: 'DIR',
    environment: 'WEFT_DATA_DIR',
    section: data,
  }),
  validationSplit: numberOption({
    summary: 'Share of the training examples, from the end, that validates.',
    above: 0,
    below: 1,
    default: 0.1,
    section: data,
  }),
  syntheticTrain: integerOption({
    summary: 'synthetic-fashion: training examples; default 60000.',
    min: 1,
    max: 1_000_000,
    section: data,
  }),
  syntheticTest: integerOption({
    summary: 'synthetic-fashion: test examples; default 10000.',
    min: 1,
    max: 1_000_000,
    section: data,
  }),
  syntheticSeed: integerOption({ summary: 'synthetic-fashion: default 0.', min: 0, max: 2 ** 48 - 1, section: data }),
} as const;

/** The values of `trainingOptions`. */
export type TrainingValues = ValuesOf<{ name: string; summary: string; options: typeof trainingOptions }>;

/** A run to submit. */
export type ConfigurationInit = MessageInitShape<typeof RunConfigurationSchema>;

/**
 * The whole configuration that the values ask for, with every default made explicit. Reads the model and the data set, and says
 * what the learning rate was scaled to.
 *
 * Throws a `WeftError` that says what cannot be had, or 'invalid-argument' that lists all settings that do not fit together.
 */
export async function buildConfiguration(
  values: TrainingValues,
  given: ReadonlySet<string>,
  context: CommandContext,
): Promise<ConfigurationInit> {
  const [optimizer, schedule, earlyStopping] = chooseTogether(
    () => chooseOptimizer(values, given),
    () => chooseSchedule(values),
    () => chooseEarlyStopping(values),
  );
  const { name, topologyJson, inputShape, outputShape } = await readModel(values.model, context.workingDirectory);
  const shapes = { inputShape, outputShape };
  const model = { name, topologyJson, ...shapes, loss: values.loss, batchNormalization: values.batchNorm };
  const dataSet = await readDataSet(
    {
      name: values.dataset,
      dataDirectory: values.dataDir,
      validationSplit: values.validationSplit,
      synthetic: syntheticParameters(values),
    },
    context,
  );
  const unfit = problemsOfFit({ model, dataSet });
  if (unfit.length > 0) {
    throw new WeftError('invalid-argument', `${name} cannot be trained on ${dataSet.name}:\n  ${unfit.join('\n  ')}`);
  }
  const { batchSize, epochs, chunkSize } = values;
  const exampleCount = dataSet.trainExamples;
  const problem =
    batchSize > exampleCount
      ? `--batch-size: ${String(batchSize)} is more than the ${String(exampleCount)} training examples`
      : warmupProblem(schedule, { exampleCount, globalBatch: batchSize, chunkSize }, epochs);
  if (problem !== undefined) throw new WeftError('invalid-argument', problem);
  const learningRate = values.scaleLr ? scaledRate(optimizer.learningRate, batchSize) : optimizer.learningRate;
  if (values.scaleLr) {
    const scaled = `${String(optimizer.learningRate)} x ${String(batchSize)} / ${String(scaledBatch)} = ${String(learningRate)}`;
    context.errorOutput.write(`learning rate ${scaled}\n`);
  }
  return {
    ...{ model, dataSet, optimizer: { ...optimizer, learningRate } },
    ...{ batchSize, chunkSize, epochs, seed: BigInt(values.seed) },
    ...(schedule === undefined ? {} : { schedule }),
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
  };
}

/** `initial-nn-sgd-20261123-154012`, for a run that was given no name. */
export function newRunId(model: string, optimizer: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const stem =
    model
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '') || 'run';
  return `${stem.slice(0, 32)}-${optimizer}-${stamp}`;
}
