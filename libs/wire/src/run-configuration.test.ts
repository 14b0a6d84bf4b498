import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { configurationText } from './configuration-digest.ts';
import { RunConfigurationSchema } from './gen/weft/v1/configuration_pb.ts';
import { runAssignmentOf } from './run-assignment.ts';
import { planOf, problemsOfRun } from './run-configuration.ts';

type Init = MessageInitShape<typeof RunConfigurationSchema>;

type Change = Pick<Init, 'schedule' | 'earlyStopping' | 'model' | 'dataSet'>;

function configuration(change: Change = {}) {
  return create(RunConfigurationSchema, {
    model: { name: 'm', topologyJson: '{}', loss: 'meanSquaredError', batchNormalization: 'ghost' },
    optimizer: { name: 'sgd', learningRate: 0.5, settings: { momentum: 0.9 } },
    dataSet: {
      name: 'd',
      identity: 'i',
      validationSplit: 0.1,
      trainExamples: 90,
      validationExamples: 10,
      testExamples: 9,
    },
    ...{ batchSize: 30, chunkSize: 8, epochs: 4, seed: 3n },
    ...change,
  });
}

const textOf = (change: Parameters<typeof configuration>[0]): string =>
  configurationText(runAssignmentOf('r', configuration(change)));

const plain = '[[90,30,8,4],[3,"{}","meanSquaredError"],["i",0.1],["sgd",0.5,[["momentum",0.9]]]]';

test.each([
  ['nothing is said', {}],
  ['the schedule is empty', { schedule: {} }],
  ['the rate stays what it is', { schedule: { decay: 'constant', floor: 0.5, factor: 0.1, decayEpochs: 3 } }],
])('where %s of the learning rate, a configuration is what it was before there were schedules', (_, change) => {
  expect(textOf(change)).toBe(plain);
});

const step = { decay: 'step', factor: 0.5, decayEpochs: 2 };
const patient = { monitor: 'loss', patience: 3, minDelta: 0.01 };
const known = plain.slice(0, -1);

test.each([
  [{ schedule: { warmupSteps: 3 } }, `${known},["schedule","constant",3,0,0,1,1]]`],
  [{ schedule: { decay: 'cosine', floor: 0.1, factor: 9 } }, `${known},["schedule","cosine",0,0,0.1,1,1]]`],
  [{ schedule: step }, `${known},["schedule","step",0,0,0,0.5,2]]`],
  [{ earlyStopping: patient }, `${known},["early-stopping","loss",3,0.01]]`],
  [
    { schedule: { warmupEpochs: 0.5 }, earlyStopping: patient },
    `${known},["schedule","constant",0,0.5,0,1,1],["early-stopping","loss",3,0.01]]`,
  ],
])('%j decides bits, and so is part of what the digest covers', (change, text) => {
  expect(textOf(change)).toBe(text);
  expect(problemsOfRun('r', configuration(change), 1)).toEqual([]);
});

test('early stopping is part of the plan', () => {
  expect(planOf(configuration({ earlyStopping: patient })).earlyStopping).toEqual(patient);
  expect(planOf(configuration())).not.toHaveProperty('earlyStopping');
});

test.each<readonly [Parameters<typeof configuration>[0], string]>([
  [
    { schedule: { decay: 'cosin' } },
    'schedule.decay: "cosin" must be one of constant, linear, cosine, step, exponential',
  ],
  [{ schedule: { warmupEpochs: -1 } }, 'schedule.warmup_epochs: -1 must be finite and at least 0'],
  [{ schedule: { warmupEpochs: 1, warmupSteps: 1 } }, 'schedule.warmup_epochs: 1 must be 0 beside warmup_steps'],
  [{ schedule: { warmupSteps: 13 } }, 'schedule.warmup_steps: 13 must be at most the 12 steps of the run'],
  [{ schedule: { warmupEpochs: 4.5 } }, 'schedule.warmup_steps: 14 must be at most the 12 steps of the run'],
  [{ schedule: { decay: 'cosine', floor: 1.5 } }, 'schedule.floor: 1.5 must be from 0 to 1'],
  [{ schedule: { ...step, factor: 0 } }, 'schedule.factor: 0 must be above 0 and at most 1'],
  [{ schedule: { ...step, decayEpochs: 0 } }, 'schedule.decay_epochs: 0 must be finite and above 0'],
  [
    { earlyStopping: { ...patient, monitor: 'f1' } },
    'early_stopping.monitor: "f1" must be one of validation-loss, validation-accuracy, loss, accuracy',
  ],
  [{ earlyStopping: { ...patient, patience: 0 } }, 'early_stopping.patience: 0 must be at least 1'],
  [{ earlyStopping: { ...patient, minDelta: -1 } }, 'early_stopping.min_delta: -1 must be finite and at least 0'],
])('%j is refused', (change, problem) => {
  expect(problemsOfRun('r', configuration(change), 1)).toEqual([problem]);
});

const fitting = {
  model: { topologyJson: '{}', loss: 'categoricalCrossentropy', inputShape: [4, 3], outputShape: [5] },
  dataSet: { name: 'd', identity: 'i', trainExamples: 90, validationExamples: 10, testExamples: 9 },
};

test.each<readonly [string, Init['model'], Init['dataSet'], readonly string[]]>([
  ['fits', {}, {}, []],
  ['has outputs to spare', { outputShape: [6] }, {}, []],
  ['says nothing of its shapes', { inputShape: [], outputShape: [] }, {}, []],
  ['stands beside data of which nothing is said', { loss: 'meanSquaredError' }, { exampleSize: 0, classes: 0 }, []],
  [
    'has another loss',
    { loss: 'meanSquaredError', outputShape: [1] },
    {},
    ['model.loss: "meanSquaredError" must be categoricalCrossentropy: targets of d are class numbers'],
  ],
  [
    'has too few outputs, and other inputs',
    { inputShape: [4, 4], outputShape: [4] },
    {},
    [
      'model.input_shape: [4,4] must be of 12 values, as an example of d is',
      'model.output_shape: [4] must be one row of at least 5 values, one for each class of d',
    ],
  ],
  [
    'gives many rows',
    { outputShape: [2, 5] },
    {},
    ['model.output_shape: [2,5] must be one row of at least 5 values, one for each class of d'],
  ],
])('a model that %s is taken or refused by what is said of it and of the data', (_, model, dataSet, problems) => {
  const data = { ...fitting.dataSet, exampleSize: 12, classes: 5, ...dataSet };
  const request = configuration({ model: { ...fitting.model, ...model }, dataSet: data });
  expect(problemsOfRun('r', request, 1)).toEqual(problems);
});

test('all problems come at once', () => {
  const change = { schedule: { decay: 'x', floor: -1 }, earlyStopping: { monitor: '', patience: 0, minDelta: NaN } };
  expect(problemsOfRun('r', configuration(change), 1)).toHaveLength(5);
});
