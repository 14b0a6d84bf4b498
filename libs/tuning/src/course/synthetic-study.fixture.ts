/** Studies whose results are known: what a trial comes to is a function of its settings and its seed, as it is of real runs. */
import { PhiloxStream } from '@weft/core';
import { createSampler } from '../samplers/create-sampler.ts';
import { createPruner } from '../pruners/create-pruner.ts';
import type { SamplerName } from '../samplers/sampler-settings.ts';
import type { SearchSpace } from '../space/parameter.ts';
import { trialKey, type RecordedResult } from './recorded-result.ts';
import type { CourseTrial } from './study-decision.ts';
import type { StudyRules } from './study-rules.ts';

/** 30 cells, so that every sampler comes to its end. */
const smallSpace: SearchSpace = [
  { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam', 'rmsprop'] },
  { name: 'units', kind: 'int', low: 1, high: 6, log: false },
  { name: 'nesterov', kind: 'categorical', choices: [true, false], when: { parameter: 'optimizer', values: ['sgd'] } },
];

/** Rules with a sampler and a pruner by name, and no surprises in the rest. */
export function rulesOf(
  sampler: SamplerName,
  pruner: string | undefined,
  others: Partial<StudyRules> = {},
): StudyRules {
  return {
    space: smallSpace,
    sampler: createSampler(sampler, sampler === 'tpe' ? { startup: 3 } : {}),
    pruner: pruner === undefined ? undefined : createPruner(pruner, gentle[pruner] ?? {}),
    seed: 7,
    trialSeeds: [1],
    maxEpochs: 9,
    maxCells: 20,
    concurrency: 3,
    ...others,
  };
}

/** So that each pruner has something to stop in a small study. */
const gentle: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  median: { startupTrials: 2 },
  percentile: { startupTrials: 2, percentile: 30, warmupEpochs: 1, interval: 2 },
  asha: { reductionFactor: 3 },
  threshold: { upper: 0.8, warmupEpochs: 2 },
  patient: { patience: 2, minDelta: 0.02 },
};

/** What the trial comes to when it is run to its end. A few diverge, end early, or have a loss that is not finite. */
export function resultOf(trial: Pick<CourseTrial, 'assignment' | 'seed'>, maxEpochs: number): RecordedResult {
  const stream = new PhiloxStream(hashOf(trialKey(trial)), 'simulation');
  const fate = stream.below(12);
  const [start, end, rate] = [1 + stream.uniform(), stream.uniform(), 0.3 + 2 * stream.uniform()];
  const epochs = fate < 2 ? stream.below(maxEpochs) + (fate === 0 ? 0 : 1) : maxEpochs;
  const losses = Array.from({ length: epochs }, (_, epoch) => {
    const noise = 0.05 * stream.uniform();
    return fate === 2 && epoch === 1 ? Number.NaN : end + (start - end) * Math.exp(-rate * epoch) + noise;
  });
  return {
    ...{ assignment: trial.assignment, seed: trial.seed, losses, outcome: fate === 0 ? 'diverged' : 'complete' },
    seconds: losses.map(() => 2),
  };
}

function hashOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
