import { invariant } from '@weft/core';
import type { CourseTrial, StudyDecision } from './study-decision.ts';

/** Decisions of an earlier life of a course, taken one after the other as the course comes to where each was made. */
export class DecisionRecord {
  readonly #decisions: readonly StudyDecision[];
  #next = 0;

  constructor(decisions: readonly StudyDecision[]) {
    // The caller may go on with its own list.
    this.#decisions = [...decisions];
  }

  /** Whether there is no decision left: those that follow are new. */
  get isSpent(): boolean {
    return this.#next === this.#decisions.length;
  }

  /** The reason for which the trial was stopped at this point, or nothing where it went on. */
  takeStop(trial: number, epoch: number): string | undefined {
    const next = this.#decisions[this.#next];
    if (next?.kind !== 'stop' || next.trial !== trial) return undefined;
    invariant(next.epoch >= epoch, `trial ${String(trial)} was stopped after epoch ${String(next.epoch)}, but went on`);
    if (next.epoch > epoch) return undefined;
    this.#next++;
    return next.reason;
  }

  /** The trial that took a slot at this moment, or nothing where the slot stayed free. */
  takeProposal(moment: number): CourseTrial | undefined {
    const next = this.#decisions[this.#next];
    if (next?.kind !== 'propose' || next.trial.moment > moment) return undefined;
    invariant(
      next.trial.moment === moment,
      `trial ${String(next.trial.trial)} began at ${String(next.trial.moment)}, but there was no slot before ${String(moment)}`,
    );
    this.#next++;
    return next.trial;
  }

  /** Whether the course came to an end at this point. */
  takeEnd(): boolean {
    if (this.#decisions[this.#next]?.kind !== 'end') return false;
    this.#next++;
    return true;
  }
}
