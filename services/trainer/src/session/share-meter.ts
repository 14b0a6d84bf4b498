/** What this trainer had to do with the steps of a run, for its metrics. */
import type { TrainerMetrics } from '@weft/telemetry';

export class ShareMeter {
  readonly #metrics: TrainerMetrics['training'];
  #examples = 0;
  #loss = 0;
  #correct = 0;
  #computeSeconds = 0;

  constructor(metrics: TrainerMetrics['training']) {
    this.#metrics = metrics;
  }

  /** The sum over some chunks of the step in hand was computed. */
  computed(examples: number, loss: number, correct: number, seconds: number): void {
    this.#examples += examples;
    this.#loss += loss;
    this.#correct += correct;
    this.#computeSeconds += seconds;
  }

  /** The step ended: this trainer waited for the mean, and applied it. */
  stepped(run: string, waitSeconds: number, applySeconds: number): void {
    this.#metrics.stepTimed('compute', this.#computeSeconds);
    this.#metrics.stepTimed('wait', waitSeconds);
    this.#metrics.stepTimed('reduce', applySeconds);
    this.#commit(run, 1);
  }

  /** Steps were committed alone, in `seconds` altogether. */
  steppedAlone(run: string, steps: number, seconds: number): void {
    for (let step = 0; step < steps; step++) this.#metrics.stepTimed('compute', seconds / steps);
    this.#commit(run, steps);
  }

  #commit(run: string, steps: number): void {
    const examples = this.#examples;
    const of = Math.max(1, examples);
    this.#metrics.stepsCommitted(run, { steps, examples, loss: this.#loss / of, accuracy: this.#correct / of });
    this.#examples = this.#loss = this.#correct = this.#computeSeconds = 0;
  }
}
