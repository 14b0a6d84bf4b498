/** From a study file, and what it names, to the messages that a coordinator is given. */
import { invariant } from '@weft/core';
import type { Parameter, ParameterValue } from '@weft/tuning';
import {
  create,
  ModelSchema,
  OptimizerSchema,
  RunConfigurationSchema,
  StudyDefinitionSchema,
  StudyExecutionSchema,
  TransportSetting,
  type DataSet,
  type Model,
  type Optimizer,
  type StudyDefinition,
  type StudyExecution,
} from '@weft/wire';
import { settingOf, settings } from '../settings/settings.ts';
import type { StudyFile } from '../study-file/study-file.ts';
import { completePruner, completeSampler } from './methods.ts';
import { parameterMessage } from './parameter-message.ts';
import { trialConfiguration } from './trial-configuration.ts';

/** What a study file names, read by those who can. */
export interface StudyResources {
  readonly dataSet: DataSet;
  /** In the order of `StudyFile.models`. */
  readonly models: readonly Pick<Model, 'name' | 'topologyJson' | 'inputShape' | 'outputShape'>[];
  /** An optimizer with the default of every setting, by its name. */
  readonly optimizer: (name: string) => Optimizer;
}

const defaultBatchSize = 128;
const defaultLoss = 'categoricalCrossentropy';

/** The definition, with every default explicit. What is wrong with it, `problemsOfStudy` says. */
export function definitionOf(study: StudyFile, resources: StudyResources): StudyDefinition {
  const modelNames = new Map(study.models.map((text, at) => [text, resources.models[at]?.name ?? text]));
  const space = study.space.map((parameter) => withModelNames(parameter, modelNames));
  const optimizers = optimizerNames(study).map((name) => fixedOptimizer(study, resources.optimizer(name)));
  const models = resources.models.map(({ name, topologyJson, inputShape, outputShape }) =>
    create(ModelSchema, {
      ...{ name, topologyJson, inputShape, outputShape, loss: defaultLoss, batchNormalization: 'ghost' },
      ...fixedModelFields(study),
    }),
  );
  const [model] = models;
  const [optimizer] = optimizers;
  invariant(model !== undefined && optimizer !== undefined, 'a study has a model and an optimizer');
  const { objective, concurrency, maxCells = 0, seed } = study;
  const base = create(RunConfigurationSchema, {
    ...{ model, optimizer, dataSet: resources.dataSet, epochs: study.epochs },
    batchSize: study.referenceBatchSize ?? Number(study.fixed.get('batch-size') ?? defaultBatchSize),
    chunkSize: Number(study.fixed.get('chunk-size') ?? 0),
  });
  const { schedule, earlyStopping } = trialConfiguration(
    create(StudyDefinitionSchema, { base }),
    new Map([...study.fixed].filter(([name]) => isPlanSetting(name))),
    0,
  );
  return create(StudyDefinitionSchema, {
    name: study.name,
    base: {
      ...base,
      ...(schedule === undefined ? {} : { schedule }),
      ...(earlyStopping === undefined ? {} : { earlyStopping }),
    },
    models: varies(study, 'model') ? models : [],
    optimizers: varies(study, 'optimizer') ? optimizers : [],
    parameters: space.map(parameterMessage),
    ...{ objective, concurrency, maxCells, seed: BigInt(seed) },
    sampler: completeSampler(study.sampler),
    ...(study.pruner === undefined ? {} : { pruner: completePruner(study.pruner) }),
    trialSeeds: study.trialSeeds.map(BigInt),
    scaleLearningRate: study.referenceBatchSize !== undefined,
  });
}

/** How it is to be executed. */
export function executionOf(study: StudyFile): StudyExecution {
  const { trainersPerTrial, priority, retries, maxSeconds = 0, transport } = study;
  const transports = { auto: 'UNSPECIFIED', star: 'STAR', direct: 'DIRECT' } as const;
  return create(StudyExecutionSchema, {
    ...{ minTrainers: trainersPerTrial.min, maxTrainers: trainersPerTrial.max, priority, maxSeconds },
    ...{ maxAttempts: retries + 1, transport: TransportSetting[transports[transport]] },
  });
}

function varies({ space }: StudyFile, setting: string): boolean {
  return space.some(({ name }) => name === setting);
}

function optimizerNames(study: StudyFile): string[] {
  const parameter = study.space.find(({ name }) => name === 'optimizer');
  if (parameter?.kind === 'categorical') return parameter.choices.map(String);
  return [String(study.fixed.get('optimizer') ?? 'sgd')];
}

/** The optimizer with those fixed settings that it has. */
function fixedOptimizer({ fixed }: StudyFile, defaults: Optimizer): Optimizer {
  const own = { ...defaults.settings };
  for (const { name, target } of settings) {
    const value = fixed.get(name);
    if (value === undefined || target.part !== 'optimizer-setting') continue;
    if (Object.hasOwn(own, target.field)) own[target.field] = Number(value);
  }
  const learningRate = Number(fixed.get('learning-rate') ?? defaults.learningRate);
  return create(OptimizerSchema, { name: defaults.name, learningRate, settings: own });
}

function fixedModelFields({ fixed }: StudyFile): { loss?: string; batchNormalization?: string } {
  const fields: { loss?: string; batchNormalization?: string } = {};
  for (const [name, value] of fixed) {
    const target = settingOf(name)?.target;
    if (target?.part === 'model') fields[target.field] = String(value);
  }
  return fields;
}

/** Whether a setting is one of the schedule or of early stopping. */
function isPlanSetting(name: string): boolean {
  const part = settingOf(name)?.target.part;
  return part === 'schedule' || part === 'early-stopping';
}

/** Models are chosen by name; a file may name one by its path. */
function withModelNames(parameter: Parameter, names: ReadonlyMap<ParameterValue, string>): Parameter {
  const named = (value: ParameterValue): ParameterValue => names.get(value) ?? value;
  const { when } = parameter;
  const condition = when?.parameter === 'model' ? { when: { ...when, values: when.values.map(named) } } : {};
  if (parameter.name !== 'model' || parameter.kind !== 'categorical') return { ...parameter, ...condition };
  return { ...parameter, choices: parameter.choices.map(named), ...condition };
}
