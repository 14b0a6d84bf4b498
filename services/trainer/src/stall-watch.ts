/**
 * Notices when the work thread does not come back: an engine that hangs inside native code leaves the main thread alive, and with it
 * the signs of life.
 */
import type { Clock } from '@weft/core';

/** How a thread is watched. */
export interface StallWatchParts {
  readonly clock: Clock;
  /** How long the thread may take for an answer. */
  readonly limitMs: number;
  /** Asks the thread, which answers when its event loop comes round. */
  readonly ask: () => void;
  /** Told once, when a question is older than the limit. */
  readonly stalled: () => void;
}

const longestIntervalMs = 1000;
const fewestLooks = 4;

export class StallWatch {
  readonly #ask: () => void;
  readonly #stop: () => void;
  /** Looks since the question that is open. Counted, not timed: a process that stood still as a whole has not waited. */
  #looks: number | undefined;

  constructor({ clock, limitMs, ask, stalled }: StallWatchParts) {
    this.#ask = ask;
    const intervalMs = Math.min(longestIntervalMs, limitMs / fewestLooks);
    this.#stop = clock.every(intervalMs, () => {
      if (this.#looks === undefined) {
        this.#looks = 0;
        this.#ask();
        return;
      }
      this.#looks++;
      if (this.#looks * intervalMs < limitMs) return;
      this.#stop();
      stalled();
    });
  }

  /** The thread has answered. */
  answered(): void {
    this.#looks = undefined;
  }

  close(): void {
    this.#stop();
  }
}
