import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStudyFile } from './parse-study-file.ts';
import { problemsIn, studyOf, vocabulary } from './study.fixture.ts';

const head = 'name: s\ndata-set: fashion-mnist\nmodel: initial-nn\n';

test('a short study has every default made explicit', () => {
  const study = studyOf(`${head}space: { learning-rate: [0.1, 0.01] }\n`);
  expect(study).toEqual({
    name: 's',
    dataSet: { name: 'fashion-mnist', validationSplit: 0.1, synthetic: {} },
    models: ['initial-nn'],
    fixed: new Map(),
    referenceBatchSize: undefined,
    space: [{ kind: 'categorical', name: 'learning-rate', choices: [0.1, 0.01] }],
    objective: { metric: 'validation-accuracy', maximize: true, bestEpoch: false },
    sampler: { name: 'grid', settings: {} },
    ...{ pruner: undefined, trialSeeds: [1], seed: 1, epochs: 5, maxCells: undefined, maxSeconds: undefined },
    ...{ concurrency: 4, trainersPerTrial: { min: 1, max: 0 }, priority: 0, retries: 2, transport: 'auto' },
  });
});

test('a study says everything that it can say', () => {
  const study = studyOf(`
name: all
data-set: { name: synthetic-fashion, validation-split: 0.2, train-examples: 600, test-examples: 100, seed: 3 }
models: [initial-nn, own/tiny.json]
settings: { batch-size: 64, epochs: 3, clip-norm: 1, schedule.decay: cosine, schedule.warmup-epochs: 0.5 }
space:
  momentum: { low: 0, high: 0.99, when: { optimizer: sgd } }
  optimizer: [sgd, adam]
  learning-rate: { type: float, low: 1e-4, high: 1, log: true }
  nesterov: { values: [true, false], when: { optimizer: [sgd] } }
objective: { metric: loss, epoch: best }
sampler: { name: tpe, settings: { startup: 8 } }
pruner: asha
seeds: [7, 8]
seed: 11
budget: { trials: 30, wall-time: 1.5h }
concurrency: 2
trainers-per-trial: { min: 1, max: 3 }
priority: -1
retries: 0
transport: star
`);
  expect(study.dataSet.synthetic).toEqual({ seed: 3, trainExamples: 600, testExamples: 100 });
  expect(study.models).toEqual(['initial-nn', 'own/tiny.json']);
  expect(study.space.map(({ name }) => name)).toEqual(['model', 'optimizer', 'momentum', 'learning-rate', 'nesterov']);
  expect(study.space[2]).toEqual({
    ...{ kind: 'float', name: 'momentum', low: 0, high: 0.99, log: false },
    when: { parameter: 'optimizer', values: ['sgd'] },
  });
  expect(study).toMatchObject({
    objective: { metric: 'loss', maximize: false, bestEpoch: true },
    sampler: { name: 'tpe', settings: { startup: 8 } },
    pruner: { name: 'asha', settings: {} },
    ...{ trialSeeds: [7, 8], seed: 11, epochs: 3, maxCells: 15, maxSeconds: 5400, concurrency: 2 },
    ...{ trainersPerTrial: { min: 1, max: 3 }, priority: -1, retries: 0, transport: 'star' },
  });
  expect(study.fixed.get('schedule.warmup-epochs')).toBe(0.5);
});

test('all problems come at once, each with its line and column, in the order of lines', () => {
  const problems = problemsIn(`name: Bad Name
data-set: { name: fashion-mnst }
modle: initial-nn
settings:
  learning-rate: -1
  batch-size: 12.5
  learning-rate: 0.1
space:
  optimizer: [sgd, adma]
  momentum: { low: 0 }
  loss: [0.1]
seeds: 0
budget: { wall-time: 10 }
trainers-per-trial: many
`);
  expect(problems).toEqual([
    'study.yaml:1:7: name: "Bad Name" must be 1 to 48 lower-case letters, digits, ".", "_" and "-", starting and ending with a letter or digit',
    'study.yaml:2:19: data-set.name: "fashion-mnst" must be one of fashion-mnist, synthetic-fashion (did you mean fashion-mnist?)',
    'study.yaml:3:1: modle: there is no such key (did you mean model?)',
    'study.yaml:5:18: settings.learning-rate: -1 must be a number greater than 0',
    'study.yaml:6:15: settings.batch-size: 12.5 must be an integer from 1 to 1000000',
    'study.yaml:7:3: settings.learning-rate: is given twice, first in line 5',
    'study.yaml:9:20: space.optimizer[1]: "adma" must be one of sgd, adam, adamw, nadam, adamax, rmsprop, adagrad, adadelta, lars, lamb (did you mean adam?)',
    'study.yaml:10:13: space.momentum: needs low and high, or values',
    expect.stringContaining('study.yaml:11:3: space.loss: there is no such key; there are model, optimizer'),
    'study.yaml:12:8: seeds: 0 must be an integer from 1 to 1000',
    'study.yaml:13:22: budget.wall-time: 10 must be a time with its unit, such as 90s, 10m or 2h',
    'study.yaml:14:21: trainers-per-trial: "many" must be a number of trainers from 1 to 1024, or auto',
  ]);
});

test.each([
  ['', 'nothing must be a study'],
  ['[]', 'a list must be a study'],
  ['name: s\ndata-set: fashion-mnist\n', '1:1: model: is missing; give model, or models to choose from'],
  ['model: initial-nn\nname: s\n', '1:1: data-set: is missing'],
  [`${head}models: [simple-cnn]\n`, '4:9: models: is given beside model; give one of them'],
  [`${head}space: { model: [simple-cnn] }\n`, 'space.model: is given beside model'],
  [
    `${head}space: { momentum: [0.9], optimizer: [adam] }\n`,
    'momentum: has no meaning where optimizer is adam; it is a',
  ],
  [
    `${head}space: { optimizer: [sgd, adam, lars], momentum: [0.8, 0.9] }\n`,
    'space.momentum: has no meaning where optimizer is adam; add `when: { optimizer: [sgd, lars] }`',
  ],
  [
    `${head}space: { optimizer: [sgd, adam], rho: { values: [0.9], when: { optimizer: sgd } } }\n`,
    'space.rho: has no meaning where optimizer is sgd or adam; it is a setting of optimizer rmsprop, adadelta',
  ],
  [
    `${head}settings: { rho: 0.9 }\n`,
    'settings.rho: has no meaning where optimizer is sgd; it is a setting of optimizer',
  ],
  [
    `${head}settings: { schedule.factor: 0.5 }\n`,
    'where schedule.decay is constant; it is a setting of schedule.decay',
  ],
  [
    `${head}settings: { early-stopping.monitor: loss }\n`,
    'has no meaning without early-stopping.patience; give that too',
  ],
  [
    `${head}settings: { momentum: 0.9 }\nspace: { momentum: [0.8] }\n`,
    '4:23: settings.momentum: is fixed here and varied',
  ],
  [`${head}settings: { epochs: 4 }\nbudget: { epochs: 5 }\n`, 'budget.epochs: differs from settings.epochs'],
  [`${head}budget: { trials: 7 }\nseeds: 2\n`, '4:19: budget.trials: 7 must be a multiple of the 2 seeds'],
  [`${head}seeds: [1, 1]\n`, 'seeds: 1 is there twice'],
  [`${head}sampler: random\n`, '1:1: budget.trials: is missing; random proposes cells without end'],
  [
    `${head}sampler: { name: tpe, settings: { startup: 0 } }\nbudget: { trials: 2 }\n`,
    '4:10: sampler: sampler tpe has startup 0',
  ],
  [`${head}pruner: { name: asha, settings: { rungs: 2 } }\n`, '4:9: pruner: pruner asha has no setting "rungs"'],
  [`${head}space: { learning-rate: { low: 0.1, high: 1 } }\n`, 'learning-rate: is a float without step; a grid needs'],
  [
    `${head}space: { learning-rate: { low: 1, high: 0.1, step: 0.1 } }\n`,
    'learning-rate: has low 1 above its high 0.1',
  ],
  [
    `${head}space: { momentum: { values: [0.9], low: 0 } }\n`,
    'space.momentum: has values and low; give values, or a range',
  ],
  [`${head}space: { batch-size: { type: float, low: 1, high: 2 } }\n`, 'float must be int: the setting takes integers'],
  [`${head}space: { nesterov: { low: 1, high: 2 } }\n`, 'space.nesterov.low: 1 must be true or false'],
  [
    `${head}space: { momentum: { values: [0.9], when: {} } }\n`,
    'space.momentum.when: 0 parameters must be a map of one',
  ],
  [
    `${head}space: { rho: { values: [0.9], when: { optimzer: sgd } } }\n`,
    'counts only where "optimzer" has a value, which is no',
  ],
  [`${head}trainers-per-trial: { min: 3, max: 2 }\n`, 'min 3 must be at most max 2'],
  [
    `${head}settings: { reference-batch-size: 128 }\n`,
    'reference-batch-size: has no meaning unless space varies batch-size',
  ],
  ['name: s\ndata-set: { name: fashion-mnist, seed: 1 }\nmodel: initial-nn', 'settings of synthetic-fashion, not of'],
  [`${head}space: { learning-rate: [] }\n`, 'space.learning-rate: an empty list must be'],
  [`${head}seeds:\n`, '4:7: seeds: nothing must be'],
  ['name: [\n', '2:1: Flow sequence in block collection must be'],
  ['a: &a [*a]\n', 'a: there is no such key'],
  [`${head}seeds: *b\n`, '4:8: seeds: the alias *b, which has no anchor, must be an integer'],
  ['--- 1\n--- 2\n', 'Source contains multiple documents'],
])('%j is refused', (text, expected) => {
  expect(problemsIn(text).join('\n')).toContain(expected);
});

test('anchors and aliases stand for what they name', () => {
  const study = studyOf(`${head}settings: { epochs: &n 3 }\nseeds: *n\n`);
  expect(study).toMatchObject({ epochs: 3, trialSeeds: [1, 2, 3] });
});

test('aliases of aliases and long texts end soon', () => {
  const bomb = Array.from({ length: 30 }, (_, level) =>
    level === 0
      ? 'k0: &k0 [1, 2]'
      : `k${String(level)}: &k${String(level)} [*k${String(level - 1)}, *k${String(level - 1)}]`,
  ).join('\n');
  expect(problemsIn(`${head}${bomb}\nseeds: *k29\n`).join('\n')).toContain('seeds[0]: a list must be an integer');
  expect(problemsIn(' '.repeat(300_000))).toEqual([
    'study.yaml:1:1: 300000 characters must be at most 262144 characters',
  ]);
  expect(problemsIn('['.repeat(20_000)).length).toBeGreaterThan(0);
});

test('no text makes it throw', () => {
  const word = fc.constantFrom(
    'name',
    'model',
    'space',
    ':',
    ' ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '-',
    '&a',
    '*a',
    '1',
    '"',
    '|',
    '!!x',
    '? ',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      expect(typeof parseStudyFile(words.join(''), 'f', vocabulary).ok).toBe('boolean');
    }),
    { numRuns: 300 },
  );
});
