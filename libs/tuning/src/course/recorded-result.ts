import { assignmentText } from '../space/assignment-text.ts';
import type { Assignment } from '../space/parameter.ts';

/** What is on record of one trial of a study that was really run. */
export interface RecordedResult {
  readonly assignment: Assignment;
  readonly seed: number;
  /** One an epoch, turned so that lower is better; NaN where the objective was not finite. */
  readonly losses: readonly number[];
  /** `pruned`: nothing is known beyond its last epoch. */
  readonly outcome: 'complete' | 'diverged' | 'excused' | 'pruned';
  /** Of each epoch, where they are known. */
  readonly seconds?: readonly number[];
}

/** What tells one trial from all others: its settings and its seed. Equal ones have equal results. */
export function trialKey({ assignment, seed }: Pick<RecordedResult, 'assignment' | 'seed'>): string {
  return `${assignmentText(assignment)}, seed ${String(seed)}`;
}
