/** Where the time of the step in hand goes beside computing: exchanging with others, and waiting for them. */
export class StepStopwatch {
  readonly #nowMs: () => number;
  #waitingSinceMs = 0;
  #exchangeMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** From now on there is nothing to do but wait. */
  wait(): void {
    this.#waitingSinceMs = this.#nowMs();
  }

  /** Seconds since `wait`, without those in which something was exchanged. */
  get waitSeconds(): number {
    return (this.#nowMs() - this.#waitingSinceMs) / 1000;
  }

  /** Does what belongs to the exchange: sending, adding, dividing, applying. Who does that does not wait meanwhile. */
  exchange(work: () => void): void {
    const startedMs = this.#nowMs();
    work();
    const spentMs = this.#nowMs() - startedMs;
    this.#exchangeMs += spentMs;
    this.#waitingSinceMs += spentMs;
  }

  /** Counts `seconds` as exchange. */
  exchanged(seconds: number): void {
    this.#exchangeMs += seconds * 1000;
  }

  /** Seconds of exchange since the last call. */
  takeExchangeSeconds(): number {
    const seconds = this.#exchangeMs / 1000;
    this.#exchangeMs = 0;
    return seconds;
  }
}
