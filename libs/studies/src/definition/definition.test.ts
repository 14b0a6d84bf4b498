import { create, StudyDefinitionSchema, StudyExecutionSchema, toJson, type StudyDefinition } from '@weft/wire';
import { expect, test } from 'vitest';
import { definitionIn, executionIn } from './definition.fixture.ts';
import { parameterMessage, parameterOf, spaceOf } from './parameter-message.ts';
import { problemsOfStudy } from './problems-of-study.ts';
import { rulesOf } from './rules-of-study.ts';
import { trialConfiguration } from './trial-configuration.ts';

const cell = (values: Record<string, string | number | boolean>) => new Map(Object.entries(values));

const optimizers = `
model: initial-nn
settings: { clip-norm: 2, epsilon: 1e-8, batch-size: 64, schedule.decay: cosine }
space:
  optimizer: [sgd, adam]
  learning-rate: { low: 1e-3, high: 1, log: true }
  momentum: { values: [0, 0.9], when: { optimizer: sgd } }
  beta1: { low: 0.8, high: 0.99, when: { optimizer: adam } }
  batch-size: { low: 32, high: 2048, step: 32 }
sampler: random
seeds: [5, 6]
budget: { trials: 20, epochs: 3 }
`.replace(', batch-size: 64', '');

test('a definition has every default explicit, and the fixed settings where an optimizer has them', () => {
  const definition = definitionIn(optimizers);
  expect(
    definition.optimizers.map(({ name, settings }) => [name, settings['epsilon'], settings['globalClipNorm']]),
  ).toEqual([
    ['sgd', undefined, 2],
    ['adam', 1e-8, 2],
  ]);
  expect(toJson(StudyDefinitionSchema, definition)).toMatchObject({
    base: {
      ...{ batchSize: 128, epochs: 3, schedule: { decay: 'cosine' } },
      model: { name: 'initial-nn', loss: 'categoricalCrossentropy', batchNormalization: 'ghost' },
    },
    objective: { metric: 'validation-accuracy', maximize: true },
    ...{ sampler: { name: 'random' }, trialSeeds: ['5', '6'], seed: '1', maxCells: 10, concurrency: 4 },
  });
  expect(problemsOfStudy(definition, executionIn(optimizers))).toEqual([]);
});

test('the configuration of a trial follows from the cell: optimizer, its settings, the batch and its chunks', () => {
  const definition = definitionIn(optimizers);
  const small = cell({ optimizer: 'sgd', 'learning-rate': 0.5, momentum: 0.9, 'batch-size': 32 });
  expect(trialConfiguration(definition, small, 5)).toMatchObject({
    optimizer: { name: 'sgd', learningRate: 0.5, settings: { momentum: 0.9, nesterov: 0, globalClipNorm: 2 } },
    ...{
      batchSize: 32,
      chunkSize: 32,
      epochs: 3,
      seed: 5n,
      schedule: { decay: 'cosine' },
      dataSet: { trainExamples: 54_000 },
    },
  });
  const large = cell({ optimizer: 'adam', 'learning-rate': 0.1, beta1: 0.8, 'batch-size': 2048 });
  expect(trialConfiguration(definition, large, 6n)).toMatchObject({
    optimizer: { name: 'adam', learningRate: 0.1, settings: { beta1: 0.8, beta2: 0.999, epsilon: 1e-8 } },
    ...{ batchSize: 2048, chunkSize: 32, seed: 6n },
  });
  // Neither trial has changed what the next one starts from.
  expect(trialConfiguration(definition, cell({ optimizer: 'sgd' }), 5).optimizer?.settings['momentum']).toBe(0);
});

test('learning rates grow with the batch from the reference size on', () => {
  const text =
    'model: initial-nn\nsettings: { reference-batch-size: 128, learning-rate: 0.02 }\nspace: { batch-size: [64, 512] }';
  const definition = definitionIn(text);
  const rate = (batch: number) =>
    trialConfiguration(definition, cell({ 'batch-size': batch }), 1).optimizer?.learningRate;
  expect([rate(64), rate(512)]).toEqual([0.01, 0.08]);
  expect(problemsOfStudy(definition, executionIn(text))).toEqual([]);
});

test('models are chosen by name, settings of schedule and early stopping are varied like others', () => {
  const text = `models: [initial-nn, own.json]
settings: { chunk-size: 16 }
space:
  batch-normalization: { values: [ghost, sync], when: { model: own.json } }
  schedule.warmup-epochs: [0, 1]
  early-stopping.patience: [2, 3]
`;
  const definition = definitionIn(text);
  const own = {
    model: 'own',
    'batch-normalization': 'sync',
    'schedule.warmup-epochs': 1,
    'early-stopping.patience': 2,
  };
  expect(trialConfiguration(definition, cell(own), 1)).toMatchObject({
    model: {
      name: 'own',
      topologyJson: '{"model":"own.json"}',
      loss: 'categoricalCrossentropy',
      batchNormalization: 'sync',
    },
    chunkSize: 16,
    schedule: { decay: 'constant', warmupEpochs: 1 },
    earlyStopping: { monitor: 'validation-loss', patience: 2, minDelta: 0 },
  });
  expect(problemsOfStudy(definition, executionIn(text))).toEqual([]);
});

test('a space comes back from its messages as it was', () => {
  const space = spaceOf(definitionIn(optimizers));
  expect(space.map(parameterMessage).map(parameterOf)).toEqual(space);
  expect(space.map(({ kind }) => kind)).toEqual(['categorical', 'float', 'categorical', 'float', 'int']);
  expect(space[4]).toMatchObject({ low: 32, high: 2048, step: 32 });
});

test('the rules of a study are those of its definition', () => {
  const rules = rulesOf(definitionIn(`${optimizers}pruner: asha\n`));
  expect(rules).toMatchObject({ seed: 1, trialSeeds: [5, 6], maxEpochs: 3, maxCells: 10, concurrency: 4 });
  expect([rules.sampler.name, rules.pruner?.name, rules.space.length]).toEqual(['random', 'asha', 5]);
  expect(rulesOf(definitionIn('model: initial-nn')).maxCells).toBeUndefined();
});

test.each<[string, string[]]>([
  [
    'model: initial-nn\nspace: { batch-size: [32, 60000] }',
    ['batch_size: 60000 must be at most the 54000 training examples (batch-size 60000)'],
  ],
  [
    'model: initial-nn\nsettings: { loss: meanSquaredError }',
    [
      'model.loss: "meanSquaredError" must be categoricalCrossentropy: targets of fashion-mnist are class numbers (the only cell)',
    ],
  ],
  [
    'models: [initial-nn, binary.json]',
    [
      'model.output_shape: [1] must be one row of at least 10 values, one for each class of fashion-mnist (model binary)',
    ],
  ],
])('%s is refused for the configurations that it makes', (text, problems) => {
  expect(problemsOfStudy(definitionIn(text), executionIn('model: initial-nn'))).toEqual(problems);
});

test('an empty definition is refused for everything that it lacks', () => {
  const problems = problemsOfStudy(create(StudyDefinitionSchema), create(StudyExecutionSchema));
  expect(problems).toEqual([
    'name: "" must be 1 to 64 characters',
    'base: null must be what trials have in common',
    expect.stringContaining('objective.metric: null must be one of validation-accuracy'),
    'trial_seeds: "0 seeds" must be 1 to 1000 seeds',
    'concurrency: 0 must be from 1 to 1024',
    'min_trainers: 0 must be from 1 to 1024',
    'max_attempts: 0 must be from 1 to 1000',
    expect.stringContaining('methods: sampler "" must be one of grid'),
    'max_cells: 0 must be at least 1 with sampler ',
  ]);
  expect(problemsOfStudy(undefined, undefined)).toEqual(['definition: is missing']);
});

test('what no study file can say is refused too', () => {
  const definition = definitionIn(optimizers);
  const execution = executionIn(optimizers);
  const [optimizer, rate, momentum] = definition.parameters;
  if (optimizer === undefined || rate === undefined || momentum === undefined) throw new Error('there are five');
  const changed = (change: Partial<StudyDefinition>): string =>
    problemsOfStudy({ ...definition, ...change }, execution).join('\n');
  expect(changed({ optimizers: definition.optimizers.slice(1) })).toContain('optimizers: lacks "sgd"');
  expect(changed({ parameters: [{ ...rate, name: 'epochs' }] })).toContain(
    '"epochs" must be a setting that a study can vary',
  );
  expect(changed({ parameters: [{ ...rate, name: 'batch-size' }] })).toContain(
    '"batch-size" has 0.001, which must be an integer',
  );
  const { $typeName, name, range } = momentum;
  expect(changed({ parameters: [optimizer, { $typeName, name, range }] })).toBe(
    'momentum: is no setting of adam; add a condition to the parameter (optimizer adam, momentum 0)',
  );
  expect(changed({ trialSeeds: [1n, 1n] })).toContain('distinct');
  expect(changed({ maxCells: 4_000_000_000 })).toContain('at most 1000000 trials');
  expect(problemsOfStudy(definition, { ...execution, minTrainers: 4, maxTrainers: 2 }).join()).toContain(
    'max_trainers: 2',
  );
});
