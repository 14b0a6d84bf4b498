import type { Assignment } from '../space/parameter.ts';

/** A trial as the course sees it. */
export interface CourseTrial {
  /** From 0, in the order in which they were proposed. */
  readonly trial: number;
  readonly cell: number;
  readonly assignment: Assignment;
  readonly seed: number;
  /** Why this cell was proposed. */
  readonly reason: string;
  /** When it takes its slot, in units of logical time; 0 where nothing depends on results. Restoring a course needs it. */
  readonly moment: number;
}

/** What was decided, in order. Persist it before acting on it: a restored course takes decisions from here. */
export type StudyDecision =
  | { readonly kind: 'propose'; readonly trial: CourseTrial }
  /** What the trial did after `epoch` does not count, nor that it came to its end by itself. */
  | { readonly kind: 'stop'; readonly trial: number; readonly epoch: number; readonly reason: string }
  /** Every trial is over, and no more come: until the course is extended, or an excused trial is tried again. */
  | { readonly kind: 'end'; readonly reason: string };
