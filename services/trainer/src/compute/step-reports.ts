/** The steps that a gang commits by itself, as its first rank reports them: a few times a second, not one by one. */
import type { CommittedStepReport, ComputeReport } from './commands.ts';
import { StepFacts } from './step-facts.ts';

/** How often they are reported, in milliseconds. */
const intervalMs = 100;

export class StepReports {
  readonly #nowMs: () => number;
  readonly #report: (report: ComputeReport) => void;
  readonly #facts = new StepFacts();
  /** Position after the last step that was reported. */
  #reportedEnd = 0;
  #reportedMs = 0;

  constructor(nowMs: () => number, report: (report: ComputeReport) => void) {
    this.#nowMs = nowMs;
    this.#report = report;
  }

  /** A gang begins at a position that the coordinator knows of. */
  begin(): void {
    this.#facts.clear();
    this.#reportedEnd = 0;
    this.#reportedMs = this.#nowMs();
  }

  /** The gang has committed a step, or could not. */
  note(step: CommittedStepReport): void {
    this.#facts.add(step);
  }

  /** Steps of this gang from `position` on. */
  since(position: number): CommittedStepReport[] {
    return this.#facts.since(position);
  }

  /** Reports the steps since the last report, if it is time, or `now`; tells whether it was. */
  send(runId: string, generation: number, now: boolean): boolean {
    const nowMs = this.#nowMs();
    if (!now && nowMs - this.#reportedMs < intervalMs) return false;
    this.#report({ kind: 'committed-steps', runId, generation, steps: this.#facts.since(this.#reportedEnd) });
    this.#reportedEnd = this.#facts.end;
    this.#reportedMs = nowMs;
    return true;
  }
}
