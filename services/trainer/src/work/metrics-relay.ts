/** Gathers measurements and hands them to the main thread a few times a second, in one message. */
import type { Measurement } from './thread-messages.ts';

const relayIntervalMs = 250;

export class MetricsRelay {
  readonly #deliver: (measurements: readonly Measurement[]) => void;
  #waiting: Measurement[] = [];
  #scheduled = false;

  constructor(deliver: (measurements: readonly Measurement[]) => void) {
    this.#deliver = deliver;
  }

  measure(measurement: Measurement): void {
    this.#waiting.push(measurement);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.flush();
    }, relayIntervalMs).unref();
  }

  /** Hands over what has been gathered. */
  flush(): void {
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    const measurements = this.#waiting;
    this.#waiting = [];
    this.#deliver(measurements);
  }
}
