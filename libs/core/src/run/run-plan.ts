/**
 * The course of a run as positions: the number of steps committed since its start.
 *
 * A position names a moment that every replica passes through with the same bits, so checkpoints, joins and restarts are
 * all stated in positions. Epoch and step are derived.
 */
import { type BatchPlan, chunkCountOfStep, examplesOfStep, stepsPerEpoch } from '../batch-plan.ts';
import type { EarlyStopping } from './early-stopping.ts';

/** Splits that are evaluated, never trained on. */
export type EvaluationSplit = 'validation' | 'test';

/** What fixes the course of a run. */
export interface RunPlan {
  readonly batch: BatchPlan;
  readonly epochs: number;
  /** Absent where all epochs are trained. */
  readonly earlyStopping?: EarlyStopping;
  /** Examples of each split. */
  readonly evaluationExamples: Readonly<Record<EvaluationSplit, number>>;
}

/** Examples of one evaluation chunk. Fixed: it decides the order in which evaluation sums are added. */
export const evaluationChunkSize = 250;

/** Steps of the whole run. */
export function totalSteps(plan: RunPlan): number {
  return plan.epochs * stepsPerEpoch(plan.batch);
}

/** The epoch (from 0) and the step within it (from 0) of the step that is worked on at `position`. */
export function stepAt(plan: RunPlan, position: number): { readonly epoch: number; readonly step: number } {
  const steps = stepsPerEpoch(plan.batch);
  return { epoch: Math.floor(position / steps), step: position % steps };
}

/** The step that is worked on at `position`, for people, who count from 1. */
export function describeStep(plan: RunPlan, position: number): string {
  const { epoch, step } = stepAt(plan, position);
  return `epoch ${String(epoch + 1)}, step ${String(step + 1)}`;
}

/** Whether an epoch has just ended at `position`. */
export function isEpochEnd(plan: RunPlan, position: number): boolean {
  return position > 0 && position % stepsPerEpoch(plan.batch) === 0;
}

/** Chunks of the step that is worked on at `position`. */
export function chunkCountAt(plan: RunPlan, position: number): number {
  return chunkCountOfStep(plan.batch, stepAt(plan, position).step);
}

/** Examples of the step that is worked on at `position`. */
export function exampleCountAt(plan: RunPlan, position: number): number {
  const { first, end } = examplesOfStep(plan.batch, stepAt(plan, position).step);
  return end - first;
}

/** Chunks of an evaluation of `split`. */
export function evaluationChunkCount(plan: RunPlan, split: EvaluationSplit): number {
  return Math.ceil(plan.evaluationExamples[split] / evaluationChunkSize);
}
