/** What a run's configuration says: the problems in it, and the plan that follows from it. */
import { idRule, isId, totalSteps, type RunPlan } from '@weft/core';
import { demandEarlyStopping, earlyStoppingOf } from './early-stopping-rules.ts';
import type { RunConfiguration } from './gen/weft/v1/configuration_pb.ts';
import { problemsNoted, type Demand } from './demand.ts';
import { demandFit } from './fit-rules.ts';
import { demandSchedule } from './schedule-rules.ts';

const maxTopologyCharacters = 768 * 1024;
const maxSeed = 2 ** 48;

/** Everything wrong with a request to run, each problem naming the field, the value and the rule; none when it is sound. */
export function problemsOfRun(
  runId: string,
  configuration: RunConfiguration | undefined,
  minTrainers: number,
): string[] {
  const problems = problemsNoted((demand) => {
    demandRun(runId, configuration, minTrainers, demand);
  });
  return configuration === undefined ? [...problems, 'configuration: is missing'] : problems;
}

function demandRun(
  runId: string,
  configuration: RunConfiguration | undefined,
  minTrainers: number,
  demand: Demand,
): void {
  demand(runId === '' || isId(runId), 'run_id', runId, idRule);
  demand(minTrainers >= 1 && minTrainers <= 1024, 'min_trainers', minTrainers, 'from 1 to 1024');
  if (configuration === undefined) return;
  const { model, dataSet, optimizer, batchSize, chunkSize, epochs } = configuration;
  demand(batchSize >= 1, 'batch_size', batchSize, 'at least 1');
  demand(chunkSize >= 1 && chunkSize <= 65536, 'chunk_size', chunkSize, 'from 1 to 65536');
  demand(epochs >= 1 && epochs <= 1_000_000, 'epochs', epochs, 'from 1 to 1000000');
  demand(Number(configuration.seed) < maxSeed, 'seed', Number(configuration.seed), 'below 2^48');
  demand((model?.topologyJson ?? '') !== '', 'model.topology_json', '', 'a layers model');
  const characters = model?.topologyJson.length ?? 0;
  demand(
    characters <= maxTopologyCharacters,
    'model.topology_json',
    characters,
    `at most ${String(maxTopologyCharacters)} characters`,
  );
  demand((model?.loss ?? '') !== '', 'model.loss', model?.loss, 'the Keras name of a loss');
  demand(
    ['', 'ghost', 'sync'].includes(model?.batchNormalization ?? ''),
    'model.batch_normalization',
    model?.batchNormalization,
    'ghost or sync',
  );
  demand((optimizer?.name ?? '') !== '', 'optimizer.name', optimizer?.name, 'the name of an optimizer');
  const rate = optimizer?.learningRate ?? 0;
  demand(Number.isFinite(rate) && rate > 0, 'optimizer.learning_rate', rate, 'finite and above 0');
  demand((dataSet?.name ?? '') !== '', 'data_set.name', dataSet?.name, 'the name of a data set');
  demand((dataSet?.identity ?? '') !== '', 'data_set.identity', dataSet?.identity, 'the digest of the data');
  for (const [name, count] of Object.entries({
    'data_set.train_examples': dataSet?.trainExamples ?? 0,
    'data_set.validation_examples': dataSet?.validationExamples ?? 0,
    'data_set.test_examples': dataSet?.testExamples ?? 0,
  })) {
    demand(count >= 1, name, count, 'at least 1');
  }
  demand(
    isSettings(dataSet?.settingsJson ?? ''),
    'data_set.settings_json',
    dataSet?.settingsJson,
    'empty, or a JSON object',
  );
  demandFit(configuration, demand);
  const trainExamples = dataSet?.trainExamples ?? 0;
  demandSchedule(configuration, totalSteps(planOf(configuration)), demand);
  demandEarlyStopping(configuration.earlyStopping, demand);
  demand(batchSize <= trainExamples, 'batch_size', batchSize, `at most the ${String(trainExamples)} training examples`);
}

function isSettings(text: string): boolean {
  if (text === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The plan of a sound configuration. */
export function planOf(configuration: RunConfiguration): RunPlan {
  const { batchSize, chunkSize, epochs, dataSet } = configuration;
  const earlyStopping = earlyStoppingOf(configuration.earlyStopping);
  return {
    batch: { exampleCount: dataSet?.trainExamples ?? 0, globalBatch: batchSize, chunkSize },
    epochs,
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
    evaluationExamples: { validation: dataSet?.validationExamples ?? 0, test: dataSet?.testExamples ?? 0 },
  };
}
