/** The shape of a whole study file. What its parts mean together is checked in `study-checks.ts`. */
import { prunerNames, samplerNames, type Parameter, type ParameterValue } from '@weft/tuning';
import { metricNames, settings } from '../settings/settings.ts';
import { isValueOf } from '../settings/value-rule.ts';
import { durationShape } from '../shape/duration-shape.ts';
import { choiceShape, integerShape, numberShape, scalarShape, textShape, type Shape } from '../shape/shape.ts';
import { kindShape, listShape, mapShape, type Field } from '../shape/structure-shape.ts';
import { methodShape } from './method-shape.ts';
import { parameterShape } from './parameter-shape.ts';
import { modelShape, settingShape, type StudyVocabulary } from './setting-shape.ts';
import { dataSetChoices, transportChoices } from './study-file.ts';
import type { StudyRead } from './study-read.ts';

const seedRange = { min: 0, max: 2 ** 48 - 1 };

const dataSetName = choiceShape(dataSetChoices);

const dataSet = mapShape(
  {
    name: { shape: dataSetName, summary: 'Which examples.', required: true },
    directory: { shape: textShape('the path of a folder', '.'), summary: 'Where its files are.' },
    'validation-split': {
      shape: numberShape({ above: 0, below: 1 }),
      summary: 'Share of the training examples, from the end, that validates; default 0.1.',
    },
    'train-examples': { shape: integerShape({ min: 1, max: 1e6 }), summary: 'Of synthetic-fashion; default 60000.' },
    'test-examples': { shape: integerShape({ min: 1, max: 1e6 }), summary: 'Of synthetic-fashion; default 10000.' },
    seed: { shape: integerShape(seedRange), summary: 'Of synthetic-fashion; default 0.' },
  },
  'a map with name',
);

const metric = choiceShape(metricNames);

const objective = mapShape(
  {
    metric: { shape: metric, summary: 'What counts.', required: true },
    direction: { shape: choiceShape(['minimize', 'maximize']), summary: 'Default: as the metric is meant.' },
    epoch: { shape: choiceShape(['last', 'best']), summary: 'Which epoch of a trial counts; default last.' },
  },
  'a map with metric',
);

const budget = mapShape({
  trials: { shape: integerShape({ min: 1, max: 1e6 }), summary: 'Cells times seeds; a grid has its own number.' },
  epochs: { shape: integerShape({ min: 1, max: 1e6 }), summary: 'Of each trial.' },
  'wall-time': { shape: durationShape, summary: 'At work; then no more cells are proposed.' },
});

const trainerRange = { min: 1, max: 1024 };
const trainers = integerShape(trainerRange);

const trainersPerTrial = kindShape({
  scalar: scalarShape(
    'a number of trainers from 1 to 1024, or auto',
    { anyOf: [trainers.schema, { const: 'auto' }] },
    (value) =>
      value === 'auto' || (typeof value === 'number' && isValueOf({ kind: 'int', ...trainerRange }, value))
        ? value
        : undefined,
  ),
  map: mapShape(
    {
      min: { shape: trainers, summary: 'A trial runs with no fewer.', required: true },
      max: { shape: trainers, summary: 'And with no more.', required: true },
    },
    'a map with min and max',
  ),
});

/** Keys of `settings` that are no settings of trials. */
const beside = {
  'reference-batch-size': {
    shape: integerShape({ min: 1, max: 1e6 }),
    summary: 'The learning rate is multiplied by the batch size over this one.',
  },
};

function recordShape<T>(fields: Record<string, Field<T>>, rule: string): Shape<Readonly<Record<string, T>>> {
  // A map that was read without a problem has a value for each of its keys.
  return mapShape(fields, rule) as Shape<Readonly<Record<string, T>>>;
}

function fixedFields(vocabulary: StudyVocabulary): Record<string, Field<ParameterValue>> {
  const fields = settings
    .filter(({ target }) => target.part !== 'choice' || target.field !== 'model')
    .map((setting) => [setting.name, { shape: settingShape(setting, vocabulary), summary: setting.summary }] as const);
  return { ...Object.fromEntries(fields), ...beside };
}

function spaceFields(vocabulary: StudyVocabulary): Record<string, Field<Parameter>> {
  const varied = settings.filter(({ varies }) => varies);
  return Object.fromEntries(
    varied.map((setting) => [setting.name, { shape: parameterShape(setting, vocabulary), summary: setting.summary }]),
  );
}

const fieldsOf = (vocabulary: StudyVocabulary) => ({
  name: {
    shape: textShape(
      '1 to 48 lower-case letters, digits, ".", "_" and "-", starting and ending with a letter or digit',
      '^[a-z0-9]([a-z0-9._-]{0,46}[a-z0-9])?$',
    ),
    summary: 'Of the study; its default id starts with it.',
    required: true,
  },
  'data-set': { shape: kindShape({ scalar: dataSetName, map: dataSet }), summary: 'The examples.', required: true },
  model: { shape: modelShape(vocabulary), summary: 'What all trials train.' },
  models: { shape: listShape(modelShape(vocabulary)), summary: 'What trials train: the parameter `model`.' },
  settings: {
    shape: recordShape(fixedFields(vocabulary), 'a map of settings'),
    summary: 'What trials have in common.',
  },
  space: { shape: recordShape(spaceFields(vocabulary), 'a map of parameters'), summary: 'What trials differ in.' },
  objective: {
    shape: kindShape({ scalar: metric, map: objective }),
    summary: 'What the best trial is best in; default validation-accuracy.',
  },
  sampler: { shape: methodShape(samplerNames), summary: 'What proposes cells; default grid.' },
  pruner: { shape: methodShape(['none', ...prunerNames]), summary: 'What stops trials early; default none.' },
  seeds: {
    shape: kindShape({ scalar: integerShape({ min: 1, max: 1000 }), list: listShape(integerShape(seedRange)) }),
    summary: 'Of each cell: a number (1, 2, ...) or a list; default 1.',
  },
  seed: { shape: integerShape(seedRange), summary: 'Of the sampler and the pruner; default 1.' },
  budget: { shape: budget, summary: 'When it is enough.' },
  concurrency: {
    shape: integerShape({ min: 1, max: 1024 }),
    summary:
      'Trials whose results a sampler or pruner does without, as if they ran at once; default 4. Decides results.',
  },
  'trainers-per-trial': { shape: trainersPerTrial, summary: 'Default auto: as measured. Decides no result.' },
  priority: { shape: integerShape({ min: -1000, max: 1000 }), summary: 'Higher ones go first; default 0.' },
  retries: {
    shape: integerShape({ min: 0, max: 100 }),
    summary: 'Of a trial that failed by no fault of it; default 2.',
  },
  transport: { shape: choiceShape(transportChoices), summary: 'How partial sums travel; default auto.' },
});

/** The shape of a study file, given the models there are. */
export function studyShape(vocabulary: StudyVocabulary): Shape<StudyRead> {
  return mapShape(fieldsOf(vocabulary), 'a study: a map with name, data-set, model, settings and space');
}
