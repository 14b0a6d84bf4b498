/** From what was read of a file to a study with every default explicit. */
import type { CategoricalParameter, Parameter, SearchSpace } from '@weft/tuning';
import type { StudyFile } from './study-file.ts';
import type { StudyRead } from './study-read.ts';

const defaults = { epochs: 5, concurrency: 4, retries: 2, validationSplit: 0.1 };

/** The typed study. What does not fit together is still in it: `study-checks.ts` finds that. */
export function composeStudy(read: StudyRead): StudyFile {
  const { name = '', model, models, settings = {}, space = {}, budget = {} } = read;
  const { 'reference-batch-size': referenceBatchSize, epochs, ...fixed } = settings;
  const trialSeeds = seedsOf(read.seeds ?? 1);
  const cells = budget.trials === undefined ? undefined : Math.max(1, Math.floor(budget.trials / trialSeeds.length));
  const pruner = read.pruner === undefined || read.pruner.name === 'none' ? undefined : read.pruner;
  const varied = inOrder([...modelParameter(models), ...Object.values(space)]);
  return {
    name,
    dataSet: dataSetOf(read['data-set']),
    models: modelsOf(model, varied),
    fixed: new Map(Object.entries(fixed)),
    referenceBatchSize: typeof referenceBatchSize === 'number' ? referenceBatchSize : undefined,
    space: varied,
    objective: objectiveOf(read.objective),
    sampler: read.sampler ?? { name: 'grid', settings: {} },
    pruner,
    trialSeeds,
    seed: read.seed ?? 1,
    epochs: budget.epochs ?? (typeof epochs === 'number' ? epochs : defaults.epochs),
    maxCells: cells,
    maxSeconds: budget['wall-time'],
    concurrency: read.concurrency ?? defaults.concurrency,
    trainersPerTrial: trainersOf(read['trainers-per-trial']),
    priority: read.priority ?? 0,
    retries: read.retries ?? defaults.retries,
    transport: read.transport ?? 'auto',
  };
}

function modelParameter(models: readonly string[] | undefined): CategoricalParameter[] {
  return models === undefined ? [] : [{ kind: 'categorical', name: 'model', choices: models }];
}

function modelsOf(model: string | undefined, space: SearchSpace): string[] {
  if (model !== undefined) return [model];
  const varied = space.find(({ name }) => name === 'model');
  return varied?.kind === 'categorical' ? varied.choices.map(String) : [];
}

function dataSetOf(read: StudyRead['data-set']): StudyFile['dataSet'] {
  const map = typeof read === 'string' ? { name: read } : (read ?? { name: 'fashion-mnist' });
  const { directory, seed, 'train-examples': trainExamples, 'test-examples': testExamples } = map;
  return {
    name: map.name ?? 'fashion-mnist',
    ...(directory === undefined ? {} : { directory }),
    validationSplit: map['validation-split'] ?? defaults.validationSplit,
    synthetic: {
      ...(seed === undefined ? {} : { seed }),
      ...(trainExamples === undefined ? {} : { trainExamples }),
      ...(testExamples === undefined ? {} : { testExamples }),
    },
  };
}

function objectiveOf(read: StudyRead['objective']): StudyFile['objective'] {
  const map = typeof read === 'string' || read === undefined ? { metric: read ?? 'validation-accuracy' } : read;
  const metric = map.metric ?? 'validation-accuracy';
  const maximize = map.direction === undefined ? metric.endsWith('accuracy') : map.direction === 'maximize';
  return { metric, maximize, bestEpoch: map.epoch === 'best' };
}

function seedsOf(seeds: number | readonly number[]): readonly number[] {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, index) => index + 1) : seeds;
}

function trainersOf(read: StudyRead['trainers-per-trial']): StudyFile['trainersPerTrial'] {
  if (read === undefined || read === 'auto') return { min: 1, max: 0 };
  if (typeof read === 'number') return { min: read, max: read };
  return { min: read.min ?? 1, max: read.max ?? 0 };
}

/** The order of the file, but a parameter that a condition names before those that it decides. */
function inOrder(parameters: readonly Parameter[]): Parameter[] {
  const names = new Set(parameters.map(({ name }) => name));
  const placed = new Set<string>();
  const ordered: Parameter[] = [];
  let waiting = [...parameters];
  while (waiting.length > 0) {
    const ready = ({ when }: Parameter): boolean =>
      when === undefined || placed.has(when.parameter) || !names.has(when.parameter);
    const next = waiting.find(ready);
    // Conditions that go round in a circle stay as they stand, for the check of the space to name.
    if (next === undefined) return [...ordered, ...waiting];
    ordered.push(next);
    placed.add(next.name);
    waiting = waiting.filter((parameter) => parameter !== next);
  }
  return ordered;
}
