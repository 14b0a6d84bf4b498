/** What this trainer had to do with the steps of a run, for its metrics. */
import type { Measurement } from './thread-messages.ts';

export class ShareMeter {
  readonly #measure: (measurement: Measurement) => void;
  #examples = 0;
  #loss = 0;
  #correct = 0;
  #computeSeconds = 0;

  constructor(measure: (measurement: Measurement) => void) {
    this.#measure = measure;
  }

  /** The sum over some chunks of the step in hand was computed. */
  computed(examples: number, loss: number, correct: number, seconds: number): void {
    this.#examples += examples;
    this.#loss += loss;
    this.#correct += correct;
    this.#computeSeconds += seconds;
  }

  /** `steps` steps ended, in which this trainer waited for others and applied the mean, for so long altogether. */
  stepped(run: string, waitSeconds: number, applySeconds: number, steps = 1): void {
    for (let step = 0; step < steps; step++) {
      this.#measure({ kind: 'phase', phase: 'compute', seconds: this.#computeSeconds / steps });
      if (waitSeconds > 0) this.#measure({ kind: 'phase', phase: 'wait', seconds: waitSeconds / steps });
      if (applySeconds > 0) this.#measure({ kind: 'phase', phase: 'reduce', seconds: applySeconds / steps });
    }
    if (steps > 0) this.#commit(run, steps);
  }

  #commit(run: string, steps: number): void {
    const examples = this.#examples;
    const of = Math.max(1, examples);
    const outcome = { steps, examples, loss: this.#loss / of, accuracy: this.#correct / of };
    this.#measure({ kind: 'steps', run, outcome });
    this.#examples = this.#loss = this.#correct = this.#computeSeconds = 0;
  }
}
