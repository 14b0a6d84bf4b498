/** What an epoch has seen so far: sums of loss and correct answers, and the time spent training. */

/** Means over the examples seen, and their rate. */
export interface EpochFigures {
  readonly loss: number;
  readonly accuracy: number;
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

export class EpochMeter {
  #loss = 0;
  #correct = 0;
  #examples = 0;
  #timedExamples = 0;
  #seconds = 0;
  #lastMs: number | undefined;

  /** Work starts or goes on at `nowMs`, after a pause. */
  start(nowMs: number): void {
    this.#lastMs = nowMs;
  }

  /** Steps of `examples` examples ended at `nowMs`. */
  add(loss: number, correct: number, examples: number, nowMs: number): void {
    this.#loss += loss;
    this.#correct += correct;
    this.#examples += examples;
    if (this.#lastMs === undefined) return;
    this.#seconds += (nowMs - this.#lastMs) / 1000;
    this.#timedExamples += examples;
    this.#lastMs = nowMs;
  }

  get figures(): EpochFigures {
    return {
      loss: this.#examples === 0 ? 0 : this.#loss / this.#examples,
      accuracy: this.#examples === 0 ? 0 : this.#correct / this.#examples,
      seconds: this.#seconds,
      examplesPerSecond: this.#seconds === 0 ? 0 : this.#timedExamples / this.#seconds,
    };
  }
}
