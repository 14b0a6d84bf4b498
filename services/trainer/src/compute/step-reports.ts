/** The steps that a gang commits by itself, as its first rank reports them: a few times a second, not one by one. */
import type { CommittedStepReport, ComputeReport } from './commands.ts';

/** How often they are reported, in milliseconds. */
const intervalMs = 100;

export class StepReports {
  readonly #nowMs: () => number;
  readonly #report: (report: ComputeReport) => void;
  #facts: CommittedStepReport[] = [];
  #unreported: CommittedStepReport[] = [];
  #reportedMs = 0;

  constructor(nowMs: () => number, report: (report: ComputeReport) => void) {
    this.#nowMs = nowMs;
    this.#report = report;
  }

  /** A gang begins at a position that the coordinator knows of. */
  begin(): void {
    this.#facts = [];
    this.#unreported = [];
    this.#reportedMs = this.#nowMs();
  }

  /** The gang has committed a step, or could not. */
  note(step: CommittedStepReport): void {
    this.#facts.push(step);
    this.#unreported.push(step);
  }

  /** Steps of this gang from `position` on. */
  since(position: number): CommittedStepReport[] {
    return this.#facts.filter((step) => step.position >= position);
  }

  /** Reports the steps since the last report, if it is time, or `now`; tells whether it was. */
  send(runId: string, generation: number, now: boolean): boolean {
    const nowMs = this.#nowMs();
    if (!now && nowMs - this.#reportedMs < intervalMs) return false;
    this.#report({ kind: 'committed-steps', runId, generation, steps: this.#unreported });
    this.#unreported = [];
    this.#reportedMs = nowMs;
    return true;
  }
}
