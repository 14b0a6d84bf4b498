/** Configurations of small runs on the synthetic data set. */
import { openDataSet, splitValidation } from '@weft/data';
import { architecture, topologyOf, type ArchitectureName } from '@weft/nn-models';
import type { MessageInitShape, RunConfigurationSchema } from '@weft/wire';

export type ConfigurationInit = MessageInitShape<typeof RunConfigurationSchema>;

/** What a test chooses. */
export interface SmallRun {
  readonly model: ArchitectureName;
  readonly epochs: number;
  readonly optimizer?: string;
  readonly batchSize?: number;
  readonly chunkSize?: number;
  readonly trainExamples?: number;
  readonly testExamples?: number;
}

/** The share that validates in every configuration here. */
export const validationSplit = 0.1;
const identities = new Map<string, Promise<DataSetFacts>>();

interface DataSetFacts {
  readonly identity: string;
  readonly trainExamples: number;
  readonly validationExamples: number;
  readonly testExamples: number;
}

/** A sound configuration: 3000 training and 500 test examples, batches of 128 in chunks of 16, unless `run` says otherwise. */
export async function configurationOf(run: SmallRun) {
  const settings = { seed: 1, trainCount: run.trainExamples ?? 3000, testCount: run.testExamples ?? 500 };
  const settingsJson = JSON.stringify(settings);
  const facts = identities.get(settingsJson) ?? readFacts(settings);
  identities.set(settingsJson, facts);
  const model = architecture(run.model).build();
  const topologyJson = topologyOf(model);
  model.dispose();
  return {
    model: { name: run.model, topologyJson, loss: 'categoricalCrossentropy' },
    dataSet: { name: 'synthetic-fashion', validationSplit, settingsJson, ...(await facts) },
    optimizer: { name: run.optimizer ?? 'adam', learningRate: 0.001 },
    batchSize: run.batchSize ?? 128,
    chunkSize: run.chunkSize ?? 16,
    epochs: run.epochs,
    seed: 7n,
  } satisfies ConfigurationInit;
}

async function readFacts(synthetic: {
  readonly seed: number;
  readonly trainCount: number;
  readonly testCount: number;
}): Promise<DataSetFacts> {
  const dataSet = await openDataSet('synthetic-fashion', { cacheDirectory: '', synthetic });
  const { training, validation } = splitValidation(dataSet.train, validationSplit);
  return {
    identity: dataSet.identity,
    trainExamples: training.count,
    validationExamples: validation.count,
    testExamples: dataSet.test.count,
  };
}
