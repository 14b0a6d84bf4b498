/** Everything that a coordinator refuses a study for. Definitions from anywhere come here, not only those of study files. */
import { isSamplerName, problemsOfSamplerSpace, problemsOfSpace, type SearchSpace } from '@weft/tuning';
import { problemsOfRun, type StudyDefinition, type StudyExecution } from '@weft/wire';
import { metricNames, settingOf } from '../settings/settings.ts';
import { isValueOf, ruleOfValues } from '../settings/value-rule.ts';
import { describeAssignment } from './describe-assignment.ts';
import { problemOfPruner, problemOfSampler } from './methods.ts';
import { spaceOf } from './parameter-message.ts';
import { representativeCells } from './representative-cells.ts';
import { trialConfiguration } from './trial-configuration.ts';

const maxSeed = 2n ** 48n;
const maxTrials = 1_000_000;
const maxParameters = 64;
const maxSeeds = 1000;

/** All problems, each with field, value and rule; none if the study can begin. */
export function problemsOfStudy(
  definition: StudyDefinition | undefined,
  execution: StudyExecution | undefined,
): string[] {
  if (definition === undefined) return ['definition: is missing'];
  const space = spaceOf(definition);
  const problems = [
    ...figureProblems(definition),
    ...executionProblems(execution),
    ...methodProblems(definition, space),
    ...parameterProblems(definition, space),
  ];
  return problems.length > 0 ? problems : cellProblems(definition, space, execution?.minTrainers ?? 1);
}

type Demand = (holds: boolean, name: string, value: unknown, rule: string) => void;

function collected(check: (demand: Demand) => void): string[] {
  const problems: string[] = [];
  check((holds, name, value, rule) => {
    if (!holds) problems.push(`${name}: ${JSON.stringify(value ?? null)} must be ${rule}`);
  });
  return problems;
}

function figureProblems(definition: StudyDefinition): string[] {
  const { name, base, objective, trialSeeds, seed, maxCells, concurrency } = definition;
  return collected((demand) => {
    demand(name.length >= 1 && name.length <= 64, 'name', name, '1 to 64 characters');
    demand(base !== undefined, 'base', base, 'what trials have in common');
    const metric = objective?.metric;
    demand(
      metricNames.some((known) => known === metric),
      'objective.metric',
      metric,
      `one of ${metricNames.join(', ')}`,
    );
    const seeds = trialSeeds.length;
    demand(seeds >= 1 && seeds <= maxSeeds, 'trial_seeds', `${String(seeds)} seeds`, `1 to ${String(maxSeeds)} seeds`);
    demand(new Set(trialSeeds).size === seeds, 'trial_seeds', trialSeeds.map(String), 'distinct');
    const late = trialSeeds.find((each) => each >= maxSeed);
    demand(late === undefined, 'trial_seeds', String(late), 'below 2^48');
    demand(seed < maxSeed, 'seed', String(seed), 'below 2^48');
    demand(maxCells * seeds <= maxTrials, 'max_cells', maxCells, `at most ${String(maxTrials)} trials in all`);
    demand(concurrency >= 1 && concurrency <= 1024, 'concurrency', concurrency, 'from 1 to 1024');
  });
}

function executionProblems(execution: StudyExecution | undefined): string[] {
  if (execution === undefined) return ['execution: is missing'];
  const { minTrainers, maxTrainers, maxAttempts, maxSeconds } = execution;
  return collected((demand) => {
    demand(minTrainers >= 1 && minTrainers <= 1024, 'min_trainers', minTrainers, 'from 1 to 1024');
    const fits = maxTrainers === 0 || (maxTrainers >= minTrainers && maxTrainers <= 1024);
    demand(fits, 'max_trainers', maxTrainers, '0, or from min_trainers to 1024');
    demand(maxAttempts >= 1 && maxAttempts <= 1000, 'max_attempts', maxAttempts, 'from 1 to 1000');
    demand(Number.isFinite(maxSeconds) && maxSeconds >= 0, 'max_seconds', String(maxSeconds), 'at least 0');
  });
}

function methodProblems({ sampler, pruner, maxCells }: StudyDefinition, space: SearchSpace): string[] {
  const name = sampler?.name ?? '';
  const problems = [problemOfSampler(sampler ?? { name, settings: {} }), pruner && problemOfPruner(pruner)]
    .filter((problem) => problem !== undefined)
    .map((problem) => `methods: ${problem}`);
  if (name !== 'grid' && maxCells === 0) problems.push(`max_cells: 0 must be at least 1 with sampler ${name}`);
  const unfit = isSamplerName(name) ? problemsOfSamplerSpace(name, space) : [];
  return [...problems, ...unfit.map((text) => `parameters: ${text}`)];
}

function parameterProblems(definition: StudyDefinition, space: SearchSpace): string[] {
  if (space.length > maxParameters)
    return [`parameters: ${String(space.length)} must be at most ${String(maxParameters)}`];
  const problems = problemsOfSpace(space).map((text) => `parameters: ${text}`);
  for (const parameter of space) {
    const { name } = parameter;
    const setting = settingOf(name);
    if (setting?.varies !== true) {
      problems.push(`parameters: "${name}" must be a setting that a study can vary`);
      continue;
    }
    const values = parameter.kind === 'categorical' ? parameter.choices : [parameter.low, parameter.high];
    for (const value of values) {
      if (isValueOf(setting.values, value)) continue;
      problems.push(
        `parameters: "${name}" has ${JSON.stringify(value)}, which must be ${ruleOfValues(setting.values)}`,
      );
    }
    problems.push(...choiceProblems(definition, name, values));
  }
  return problems;
}

/** Models and optimizers to choose from are there, once each. */
function choiceProblems(definition: StudyDefinition, name: string, values: readonly unknown[]): string[] {
  if (name !== 'model' && name !== 'optimizer') return [];
  const there = (name === 'model' ? definition.models : definition.optimizers).map((candidate) => candidate.name);
  const missing = values.filter((value) => !there.some((candidate) => candidate === value));
  const repeated = there.filter((candidate, index) => there.indexOf(candidate) < index);
  return [
    ...missing.map((value) => `${name}s: lacks ${JSON.stringify(value)}, which the parameter "${name}" chooses`),
    ...repeated.map((candidate) => `${name}s: ${JSON.stringify(candidate)} is there twice; names must differ`),
  ];
}

/** What is wrong with the configurations themselves, each problem with the first cell that has it. */
function cellProblems(definition: StudyDefinition, space: SearchSpace, minTrainers: number): string[] {
  const found = new Map<string, string>();
  for (const cell of representativeCells(space)) {
    const configuration = trialConfiguration(definition, cell, definition.trialSeeds[0] ?? 0n);
    const { optimizer } = configuration;
    const known = definition.optimizers.find(({ name }) => name === optimizer?.name) ?? definition.base?.optimizer;
    const foreign = [...cell.keys()].filter((name) => {
      const target = settingOf(name)?.target;
      return target?.part === 'optimizer-setting' && !Object.hasOwn(known?.settings ?? {}, target.field);
    });
    const problems = [
      ...problemsOfRun('', configuration, minTrainers),
      ...foreign.map((name) => `${name}: is no setting of ${optimizer?.name ?? ''}; add a condition to the parameter`),
    ];
    for (const problem of problems) {
      if (!found.has(problem)) found.set(problem, `${problem} (${describeAssignment(cell)})`);
    }
  }
  return [...found.values()];
}
