/** One thread of a simulated process: its event loop, its clock, and the time that its computations take. */
import type { Clock } from '@weft/core';
import type { VirtualTime } from './virtual-time.ts';

/** Whether the process of a thread runs. */
export interface ProcessState {
  readonly isDead: boolean;
  readonly isFrozen: boolean;
}

export class SimThread {
  readonly clock: Clock;
  readonly #time: VirtualTime;
  readonly #process: ProcessState;
  readonly #waiting: (() => void)[] = [];
  #blocked = false;
  #pumping = false;

  constructor(time: VirtualTime, process: ProcessState) {
    this.#time = time;
    this.#process = process;
    this.clock = {
      nowMs: () => time.nowMs,
      after: (delayMs, action) => this.#after(delayMs, action),
      every: (intervalMs, action) => this.#every(intervalMs, action),
      soon: (action) => void this.#after(0, action),
    };
  }

  /** Whether the process is dead: nothing that its code still does may touch the world. */
  get isDead(): boolean {
    return this.#process.isDead;
  }

  /** Runs a task: now, or when the thread is free and not frozen, behind what waits already. Of a dead process: never. */
  run(task: () => void): void {
    if (this.isDead) return;
    if (this.#isHeld || this.#waiting.length > 0) {
      this.#waiting.push(task);
      this.release();
    } else task();
  }

  /**
   * Resolves after `ms`; a promise of a dead process never does. A `blocking` computation keeps the event loop from everything
   * else, as synchronous code does.
   */
  compute(ms: number, blocking: boolean): Promise<void> {
    this.#blocked = blocking;
    return new Promise((resolve) => {
      this.#time.after(ms, () => {
        this.#finishComputation(resolve);
      });
    });
  }

  /** Lets waiting tasks run, one an event, as long as the thread may. */
  release(): void {
    if (this.#pumping || this.#isHeld || this.#waiting.length === 0) return;
    this.#pumping = true;
    this.#time.after(0, () => {
      this.#pumping = false;
      if (this.isDead || this.#isHeld) return;
      this.#waiting.shift()?.();
      this.release();
    });
  }

  get #isHeld(): boolean {
    return this.#blocked || this.#process.isFrozen;
  }

  #finishComputation(resolve: () => void): void {
    if (this.isDead) return;
    this.#blocked = false;
    // First in line: a blocked event loop has taken nothing in before.
    if (this.#process.isFrozen) this.#waiting.unshift(resolve);
    else {
      resolve();
      this.release();
    }
  }

  #after(delayMs: number, action: () => void): () => void {
    let due = true;
    const cancel = this.#time.after(delayMs, () => {
      this.run(() => {
        if (due) action();
      });
    });
    return () => {
      due = false;
      cancel();
    };
  }

  #every(intervalMs: number, action: () => void): () => void {
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = this.#after(intervalMs, () => {
        arm();
        action();
      });
    };
    arm();
    return () => {
      cancel();
    };
  }
}
