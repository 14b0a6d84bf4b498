/** How fast a run goes with the trainers that it has: the first moments with a new number of them are left out. */

/** Seconds of work that do not count after the number of trainers has changed. */
const warmUpSeconds = 1;
/** Seconds of work that make a measurement. */
const measuredSeconds = 0.5;

/** Told what was found. */
export interface PaceListener {
  /** So many trainers did so many examples a second. */
  measured(worldSize: number, examplesPerSecond: number): void;
  /** A step took all its trainers together so long. */
  stepped(trainerSeconds: number, examples: number): void;
}

export class RunPace {
  readonly #listener: PaceListener;
  #worldSize = 0;
  #lastMs = 0;
  #warmUp = warmUpSeconds;
  #seconds = 0;
  #examples = 0;

  constructor(listener: PaceListener) {
    this.#listener = listener;
  }

  /** Work starts, or goes on after a pause. */
  regrouped(worldSize: number, nowMs: number): void {
    if (worldSize !== this.#worldSize) {
      this.#warmUp = warmUpSeconds;
      this.#forget();
    }
    this.#worldSize = worldSize;
    this.#lastMs = nowMs;
  }

  /** A step of `examples` examples ended. */
  stepped(examples: number, nowMs: number): void {
    const seconds = (nowMs - this.#lastMs) / 1000;
    this.#lastMs = nowMs;
    this.#listener.stepped(seconds * this.#worldSize, examples);
    if (this.#warmUp > 0) {
      this.#warmUp -= seconds;
      return;
    }
    this.#seconds += seconds;
    this.#examples += examples;
    if (this.#seconds < measuredSeconds) return;
    this.#listener.measured(this.#worldSize, this.#examples / this.#seconds);
    this.#forget();
  }

  #forget(): void {
    this.#seconds = 0;
    this.#examples = 0;
  }
}
