/**
 * The configuration of a trial's run: a pure function of the definition, the assignment and the trial's seed.
 *
 * Everything is explicit in it, so a trial can be repeated by `weft train` years later, whatever the defaults are then.
 */
import { defaultChunkSize, invariant } from '@weft/core';
import type { Assignment, ParameterValue } from '@weft/tuning';
import {
  create,
  EarlyStoppingSchema,
  ModelSchema,
  OptimizerSchema,
  RunConfigurationSchema,
  ScheduleSchema,
  type RunConfiguration,
  type StudyDefinition,
} from '@weft/wire';
import { settingOf } from '../settings/settings.ts';

/** `assignment` is a cell of the definition's space, and the definition has no problems. */
export function trialConfiguration(
  definition: StudyDefinition,
  assignment: Assignment,
  trialSeed: number | bigint,
): RunConfiguration {
  const { base } = definition;
  invariant(base !== undefined, 'a definition that was accepted has a base');
  const configuration = create(RunConfigurationSchema, {
    ...(base.dataSet === undefined ? {} : { dataSet: base.dataSet }),
    model: create(ModelSchema, chosen(definition.models, assignment.get('model')) ?? base.model),
    optimizer: copiedOptimizer(chosen(definition.optimizers, assignment.get('optimizer')) ?? base.optimizer),
    ...(base.schedule === undefined ? {} : { schedule: create(ScheduleSchema, base.schedule) }),
    ...(base.earlyStopping === undefined ? {} : { earlyStopping: create(EarlyStoppingSchema, base.earlyStopping) }),
    batchSize: base.batchSize,
    epochs: base.epochs,
    seed: BigInt(trialSeed),
  });
  for (const [name, value] of assignment) set(configuration, name, value);
  const { batchSize, optimizer } = configuration;
  configuration.chunkSize = base.chunkSize === 0 ? defaultChunkSize : base.chunkSize;
  if (definition.scaleLearningRate && optimizer !== undefined) {
    optimizer.learningRate = (optimizer.learningRate * batchSize) / base.batchSize;
  }
  return configuration;
}

function chosen<T extends { readonly name: string }>(candidates: readonly T[], name: ParameterValue | undefined) {
  return name === undefined ? undefined : candidates.find((candidate) => candidate.name === name);
}

function copiedOptimizer(optimizer: StudyDefinition['optimizers'][number] | undefined) {
  const { name, learningRate, settings } = optimizer ?? create(OptimizerSchema);
  return create(OptimizerSchema, { name, learningRate, settings: { ...settings } });
}

/** Sets the field that the setting stands for. Flags count as 1 and 0. */
function set(configuration: RunConfiguration, name: string, value: ParameterValue): void {
  const target = settingOf(name)?.target;
  const { model, optimizer } = configuration;
  invariant(target !== undefined && model !== undefined && optimizer !== undefined, `"${name}" is a setting`);
  switch (target.part) {
    case 'choice':
      return;
    case 'run':
      configuration[target.field] = Number(value);
      return;
    case 'model':
      model[target.field] = String(value);
      return;
    case 'optimizer':
      optimizer.learningRate = Number(value);
      return;
    case 'optimizer-setting':
      optimizer.settings[target.field] = Number(value);
      return;
    case 'schedule':
      configuration.schedule ??= create(ScheduleSchema, { decay: 'constant' });
      if (target.field === 'decay') configuration.schedule.decay = String(value);
      else configuration.schedule[target.field] = Number(value);
      return;
    case 'early-stopping':
      configuration.earlyStopping ??= create(EarlyStoppingSchema, { monitor: 'validation-loss' });
      if (target.field === 'monitor') configuration.earlyStopping.monitor = String(value);
      else configuration.earlyStopping[target.field] = Number(value);
  }
}
