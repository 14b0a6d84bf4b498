import { invariant } from '@weft/core';
import type { Pruner } from '../pruners/pruner.ts';
import type { Sampler } from '../samplers/sampler.ts';
import type { SearchSpace } from '../space/parameter.ts';

/** What decides a study, besides the results of its trials. */
export interface StudyRules {
  readonly space: SearchSpace;
  readonly sampler: Sampler;
  /** `undefined`: no trial is stopped. */
  readonly pruner: Pruner | undefined;
  /** Of the study: decides proposals. In [0, 2^48). */
  readonly seed: number;
  /** Each cell is tried once with each. At least one; distinct. */
  readonly trialSeeds: readonly number[];
  readonly maxEpochs: number;
  /** Whether losses are the negative of what people look at: for the words of reasons. */
  readonly maximize?: boolean;
  /** Most cells; `undefined`: until the sampler has no more. */
  readonly maxCells: number | undefined;
  /** Logical slots; at least 1. Has no effect where nothing depends on results. */
  readonly concurrency: number;
}

/** Whether nothing depends on results: every trial may begin at once, and none waits for another. */
export function isOpen({ sampler, pruner }: StudyRules): boolean {
  return !sampler.learns && pruner === undefined;
}

/** Sees to what every study has. Definitions are checked before they become rules, so what fails here is a bug. */
export function checkRules({ trialSeeds, maxEpochs, concurrency }: StudyRules): void {
  invariant(trialSeeds.length > 0, 'a study has a seed for its trials');
  invariant(new Set(trialSeeds).size === trialSeeds.length, 'the seeds of a study are distinct');
  invariant(maxEpochs >= 1, 'a trial has at least one epoch');
  invariant(concurrency >= 1, 'a study has at least one slot');
}
