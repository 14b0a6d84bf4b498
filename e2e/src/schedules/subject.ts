/** What is trained under the schedules: small models on a few hundred generated examples, and one on the real data set. */
import { openDataSet, splitValidation } from '@weft/data';
import { tensorflow, topologyOf } from '@weft/nn-models';
import { configurationOf, validationSplit, type ConfigurationInit } from '../harness/run-configuration.ts';

/** Names of what can be trained under schedules. */
export const subjectNames = [
  'initial-nn',
  'small-dropout',
  'dropout-ann',
  'small-bn',
  'deep-cnn-bn',
  'simple-cnn',
] as const;

export type SubjectName = (typeof subjectNames)[number];

const small = { trainExamples: 600, testExamples: 100, batchSize: 32, chunkSize: 4 };

/** The configuration of a subject; `simple-cnn` takes Fashion-MNIST from `dataDirectory`, or where all commands look for it. */
export async function subject(name: SubjectName, dataDirectory: string | undefined): Promise<ConfigurationInit> {
  switch (name) {
    case 'initial-nn':
      return configurationOf({ model: 'initial-nn', epochs: 8, ...small });
    case 'dropout-ann':
      return configurationOf({ model: 'dropout-ann', epochs: 2, ...small });
    case 'deep-cnn-bn':
      return configurationOf({ model: 'deep-cnn-bn', epochs: 2, ...small, trainExamples: 300 });
    case 'small-dropout':
      return withTopology(name, smallDropout());
    case 'small-bn':
      return withTopology(name, smallBatchNorm());
    case 'simple-cnn':
      return onFashionMnist(dataDirectory);
  }
}

/** Four epochs of a network that no architecture has. */
async function withTopology(name: SubjectName, topologyJson: string): Promise<ConfigurationInit> {
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 4, ...small });
  return { ...configuration, model: { ...configuration.model, name, topologyJson } };
}

/** Two dense layers, each with dropout: whoever computes a chunk must draw the masks of that chunk. */
function smallDropout(): string {
  const { layers, sequential } = tensorflow();
  const model = sequential({
    name: 'small-dropout',
    layers: [
      layers.flatten({ name: 'flatten', inputShape: [28, 28, 1] }),
      layers.dense({ name: 'hidden_1', units: 48, activation: 'relu' }),
      layers.dropout({ name: 'dropout_1', rate: 0.5 }),
      layers.dense({ name: 'hidden_2', units: 32, activation: 'relu' }),
      layers.dropout({ name: 'dropout_2', rate: 0.25 }),
      layers.dense({ name: 'output', units: 10, activation: 'softmax' }),
    ],
  });
  const topologyJson = topologyOf(model);
  model.dispose();
  return topologyJson;
}

/** A convolution and a dense layer, each with batch normalization: moving averages are state beside the parameters. */
function smallBatchNorm(): string {
  const { layers, sequential } = tensorflow();
  const model = sequential({
    name: 'small-bn',
    layers: [
      layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, strides: 2, inputShape: [28, 28, 1] }),
      layers.batchNormalization({ name: 'norm_1' }),
      layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'hidden', units: 32, activation: 'relu' }),
      layers.batchNormalization({ name: 'norm_2' }),
      layers.dropout({ name: 'dropout', rate: 0.25 }),
      layers.dense({ name: 'output', units: 10, activation: 'softmax' }),
    ],
  });
  const topologyJson = topologyOf(model);
  model.dispose();
  return topologyJson;
}

/** The simple CNN for one epoch of all 54 000 training examples. */
async function onFashionMnist(dataDirectory: string | undefined): Promise<ConfigurationInit> {
  const where = dataDirectory === undefined ? {} : { dataDirectory };
  const { name, identity, train, test } = await openDataSet('fashion-mnist', {
    cacheDirectory: '',
    download: false,
    ...where,
  });
  const { training, validation } = splitValidation(train, validationSplit);
  return {
    ...(await configurationOf({ model: 'simple-cnn', epochs: 1 })),
    dataSet: {
      ...{ name, identity, validationSplit, settingsJson: '' },
      ...{ trainExamples: training.count, validationExamples: validation.count, testExamples: test.count },
    },
  };
}
