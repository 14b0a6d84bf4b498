/**
 * What a study's machine is told, and what it has done.
 *
 * All that is to be stored of one event is stored in one piece, with the end of the study if that is among it, before anything else
 * of it is done: a crash leaves the whole of a command, or nothing of it.
 */
import type { ErrorCode } from '@weft/core';
import type { StudyDecision, StudyFact } from '../course/study-course.ts';

/** How the run of a trial ended. */
export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'diverged'; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly reason: string }
  /** By somebody else than the study. */
  | { readonly kind: 'cancelled'; readonly reason: string };

export type StudyEvent =
  /** Once, before all others. */
  | { readonly kind: 'began' }
  /** The run of the trial ended an epoch; `loss` is the objective turned so that lower is better. Repeats change nothing. */
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly loss: number }
  | { readonly kind: 'run-ended'; readonly trial: number; readonly end: RunEnd }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'cancelled'; readonly reason: string }
  /** No more cells: the budget is spent. */
  | { readonly kind: 'closed'; readonly reason: string }
  /** Excused trials get another `maxAttempts` attempts; none named: all of them. A paused study goes on. */
  | { readonly kind: 'retried'; readonly trials: readonly number[] };

export type StudyEffect =
  /** Store this. */
  | { readonly kind: 'record'; readonly facts: readonly StudyFact[]; readonly decisions: readonly StudyDecision[] }
  /** Store that the trial is tried for the `attempt`th time. */
  | { readonly kind: 'record-attempt'; readonly trial: number; readonly attempt: number }
  /** See to it that the trial's run is on: submit it, or resume it. */
  | { readonly kind: 'start'; readonly trial: number }
  /** See to it that it is not. */
  | { readonly kind: 'stop'; readonly trial: number; readonly reason: string }
  /** How much the study waits for these, first ones most: they go before its other runs. */
  | { readonly kind: 'urge'; readonly trials: readonly number[] }
  /** Something about the trial that people see is different. */
  | { readonly kind: 'changed'; readonly trial: number }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'ended'; readonly outcome: 'finished' | 'cancelled'; readonly reason: string };
