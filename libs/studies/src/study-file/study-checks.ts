/** What is wrong with a study although each of its parts is well formed. */
import {
  isSamplerName,
  problemsOfSamplerSpace,
  problemsOfSpace,
  type Parameter,
  type ParameterValue,
  type SearchSpace,
} from '@weft/tuning';
import { problemOfPruner, problemOfSampler } from '../definition/methods.ts';
import type { Setting } from '../settings/setting.ts';
import { settingOf } from '../settings/settings.ts';
import type { StudyFile } from './study-file.ts';
import type { StudyRead } from './study-read.ts';

/** A problem, and the keys that lead to where it stands. */
export interface StudyProblem {
  readonly at: readonly string[];
  readonly text: string;
}

/** All problems of a study, in no order. */
export function problemsOfFile(read: StudyRead, study: StudyFile): StudyProblem[] {
  return [
    ...modelProblems(read),
    ...spaceProblems(problemsOfSpace(study.space)),
    ...methodProblems(study),
    ...fixedProblems(study),
    ...variedProblems(study),
    ...budgetProblems(read, study),
  ];
}

function modelProblems({ model, models, space = {} }: StudyRead): StudyProblem[] {
  const given = [
    ...(model === undefined ? [] : ['model']),
    ...(models === undefined ? [] : ['models']),
    ...(Object.hasOwn(space, 'model') ? ['space.model'] : []),
  ];
  if (given.length === 0) return [{ at: ['model'], text: 'is missing; give model, or models to choose from' }];
  const [first = '', ...others] = given;
  return others.map((key) => ({ at: key.split('.'), text: `is given beside ${first}; give one of them` }));
}

function methodProblems({ sampler, pruner, space }: StudyFile): StudyProblem[] {
  const wrong = [
    { at: ['sampler'], text: problemOfSampler(sampler) },
    { at: ['pruner'], text: pruner === undefined ? undefined : problemOfPruner(pruner) },
  ].flatMap(({ at, text }) => (text === undefined ? [] : [{ at, text }]));
  return [...wrong, ...spaceProblems(isSamplerName(sampler.name) ? problemsOfSamplerSpace(sampler.name, space) : [])];
}

/** Problems of parameters, which begin with the parameter's name in quotes. */
function spaceProblems(problems: readonly string[]): StudyProblem[] {
  return problems.map((text) => {
    const name = /^"([^"]*)" /.exec(text)?.[1];
    if (name === undefined) return { at: ['space'], text };
    return { at: ['space', name], text: text.slice(name.length + 3) };
  });
}

/** The values that a setting has in the study's trials: those it varies, or the fixed one; none where it has its default. */
function valuesIn({ space, fixed }: StudyFile, name: string): readonly ParameterValue[] {
  const parameter = space.find((candidate) => candidate.name === name);
  if (parameter === undefined) {
    const value = fixed.get(name) ?? defaultOf(name);
    return value === undefined ? [] : [value];
  }
  return parameter.kind === 'categorical' ? parameter.choices : [parameter.low];
}

/** What a setting is that a study neither fixes nor varies. */
function defaultOf(name: string): string | undefined {
  return name === 'optimizer' ? 'sgd' : name === 'schedule.decay' ? 'constant' : undefined;
}

/** The values of the setting that `setting` needs under which it means nothing; `undefined`: it means something everywhere. */
function lackingIn(study: StudyFile, { needs }: Setting, values: readonly ParameterValue[]): readonly ParameterValue[] {
  const allowed = needs?.values;
  if (needs === undefined) return [];
  if (allowed === undefined) return valuesIn(study, needs.setting).length === 0 ? ['nothing'] : [];
  return values.filter((value) => !allowed.includes(String(value)));
}

function fixedProblems(study: StudyFile): StudyProblem[] {
  const problems: StudyProblem[] = [];
  for (const name of study.fixed.keys()) {
    const setting = settingOf(name);
    const at = ['settings', name];
    if (study.space.some((parameter) => parameter.name === name)) {
      problems.push({ at, text: 'is fixed here and varied in space; remove one of them' });
    } else if (setting?.needs !== undefined) {
      const values = valuesIn(study, setting.needs.setting);
      const lacking = lackingIn(study, setting, values);
      // With several optimizers a fixed setting is that of those which have it.
      if (lacking.length >= Math.max(1, values.length)) problems.push({ at, text: nowhereText(setting, values) });
    }
  }
  return problems;
}

function variedProblems(study: StudyFile): StudyProblem[] {
  return study.space.flatMap((parameter): StudyProblem[] => {
    const setting = settingOf(parameter.name);
    if (setting?.needs === undefined) return [];
    const at = ['space', parameter.name];
    const all = valuesIn(study, setting.needs.setting);
    const under = valuesUnder(study.space, parameter, setting.needs.setting) ?? all;
    const lacking = lackingIn(study, setting, under);
    if (lacking.length === 0) return [];
    const fitting = setting.needs.values?.filter((value) => all.includes(value)) ?? [];
    if (fitting.length === 0) return [{ at, text: nowhereText(setting, all) }];
    const when = fitting.length === 1 ? String(fitting[0]) : `[${fitting.join(', ')}]`;
    const without = `has no meaning where ${setting.needs.setting} is ${lacking.join(' or ')}`;
    return [{ at, text: `${without}; add \`when: { ${setting.needs.setting}: ${when} }\`` }];
  });
}

/** The values that `name` can have where `parameter` counts, as far as conditions say; `undefined`: they say nothing. */
function valuesUnder(space: SearchSpace, parameter: Parameter, name: string): readonly ParameterValue[] | undefined {
  for (let { when } = parameter, left = space.length; when !== undefined && left > 0; left--) {
    const decisive = when.parameter;
    if (decisive === name) return when.values;
    when = space.find((candidate) => candidate.name === decisive)?.when;
  }
  return undefined;
}

function nowhereText({ needs }: Setting, values: readonly ParameterValue[]): string {
  if (needs?.values === undefined)
    return `has no meaning without ${needs?.setting ?? 'another setting'}; give that too`;
  const now = values.length === 0 ? '' : ` where ${needs.setting} is ${values.join(' or ')}`;
  return `has no meaning${now}; it is a setting of ${needs.setting} ${needs.values.join(', ')}`;
}

function budgetProblems(read: StudyRead, study: StudyFile): StudyProblem[] {
  const problems: StudyProblem[] = [];
  const { budget = {}, settings = {} } = read;
  const seeds = study.trialSeeds.length;
  const repeated = study.trialSeeds.find((seed, index) => study.trialSeeds.indexOf(seed) < index);
  if (repeated !== undefined)
    problems.push({ at: ['seeds'], text: `${String(repeated)} is there twice; seeds must differ` });
  const fixedEpochs = settings['epochs'];
  if (budget.epochs !== undefined && fixedEpochs !== undefined && fixedEpochs !== budget.epochs) {
    problems.push({ at: ['budget', 'epochs'], text: 'differs from settings.epochs; give one of them' });
  }
  if (budget.trials !== undefined && budget.trials % seeds !== 0) {
    const text = `${String(budget.trials)} must be a multiple of the ${String(seeds)} seeds of each cell`;
    problems.push({ at: ['budget', 'trials'], text });
  }
  if (budget.trials === undefined && study.sampler.name !== 'grid') {
    problems.push({ at: ['budget', 'trials'], text: `is missing; ${study.sampler.name} proposes cells without end` });
  }
  if (study.referenceBatchSize !== undefined && !study.space.some(({ name }) => name === 'batch-size')) {
    problems.push({ at: ['settings', 'reference-batch-size'], text: 'has no meaning unless space varies batch-size' });
  }
  const { min, max } = study.trainersPerTrial;
  if (max !== 0 && min > max) {
    problems.push({ at: ['trainers-per-trial'], text: `min ${String(min)} must be at most max ${String(max)}` });
  }
  if (study.dataSet.name !== 'synthetic-fashion' && Object.keys(study.dataSet.synthetic).length > 0) {
    const text = `train-examples, test-examples and seed are settings of synthetic-fashion, not of ${study.dataSet.name}`;
    problems.push({ at: ['data-set'], text });
  }
  return problems;
}
