/**
 * Decides the course of a study: which trials there are, in which order, and when each is over.
 *
 * Decisions are made on a logical clock, not when results happen to arrive. The study has `concurrency` slots; a trial takes one
 * slot, and one unit of time an epoch. What happens at one moment happens in the order of trial numbers. So every proposal and
 * every verdict sees exactly what the configuration says it sees, however many trainers there are, however fast each is, and
 * whoever was killed meanwhile: the whole study is a function of its definition and of the exact results of its trials.
 * Results that are not there yet are waited for; those that are there early are kept until their moment.
 * Where nothing depends on results (a sampler that does not learn, no pruner), nothing waits: every trial may begin at once.
 */
import type { Pruner } from '../pruners/pruner.ts';
import type { Sampler } from '../samplers/sampler.ts';
import type { Assignment, SearchSpace } from '../space/parameter.ts';

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
  /** Most cells; `undefined`: until the sampler has no more. */
  readonly maxCells: number | undefined;
  /** Logical slots; at least 1. Has no effect where nothing depends on results. */
  readonly concurrency: number;
}

/** What is learned of a trial. Losses are the objective turned so that lower is better. */
export type StudyFact =
  /** Epochs come in order, from 1; NaN where the objective was not finite. */
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly loss: number }
  /** It came to its end by itself: after its last epoch, stopped early by its own configuration, or diverged. */
  | { readonly kind: 'ended'; readonly trial: number; readonly outcome: 'complete' | 'diverged' }
  /** It has no result, and will not be tried again. `reason` says why. */
  | { readonly kind: 'excused'; readonly trial: number; readonly reason: string }
  /** No more cells are to be proposed (wall time is over, or somebody said so). Those that were proposed go on. */
  | { readonly kind: 'closed'; readonly reason: string };

/** A trial as the course sees it. */
export interface CourseTrial {
  /** From 0, in the order in which they were proposed. */
  readonly trial: number;
  readonly cell: number;
  readonly assignment: Assignment;
  readonly seed: number;
  /** Why this cell was proposed. */
  readonly reason: string;
}

/** What was decided, in order. Persist it before acting on it: a restored course takes decisions from here. */
export type StudyDecision =
  | { readonly kind: 'propose'; readonly trial: CourseTrial }
  /** What the trial did after `epoch` does not count. */
  | { readonly kind: 'stop'; readonly trial: number; readonly epoch: number; readonly reason: string }
  /** Every trial is over, and no more come. */
  | { readonly kind: 'end'; readonly reason: string };
