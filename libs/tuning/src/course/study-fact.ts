/** What is learned of a trial. Losses are the objective turned so that lower is better. */
export type StudyFact =
  /** Epochs come in order, from 1; NaN where the objective was not finite. Made by `epochFact`. */
  | { readonly kind: 'epoch'; readonly trial: number; readonly epoch: number; readonly loss: number }
  /** It came to its end by itself: after its last epoch, stopped early by its own configuration, or diverged. */
  | { readonly kind: 'ended'; readonly trial: number; readonly outcome: 'complete' | 'diverged' }
  /** It has no result, and will not be tried again. `reason` says why. */
  | { readonly kind: 'excused'; readonly trial: number; readonly reason: string }
  /**
   * It is tried again after it was excused: what `StudyCourse.retry` answers. Where it `counts`, it was never excused as far
   * as the course is concerned; where not, the course has gone by the excuse already, and what it comes to is for the table only.
   */
  | { readonly kind: 'retried'; readonly trial: number; readonly counts: boolean }
  /** No more cells are to be proposed (wall time is over, or somebody said so). Those that were proposed go on. */
  | { readonly kind: 'closed'; readonly reason: string };

/** A fact about one trial. */
export type TrialFact = Exclude<StudyFact, { kind: 'closed' }>;

/** The fact that a trial ended an epoch. Zero has no sign: stores do not keep it, and what is told again must be the same. */
export function epochFact(trial: number, epoch: number, loss: number): Extract<StudyFact, { kind: 'epoch' }> {
  return { kind: 'epoch', trial, epoch, loss: 0 + loss };
}
