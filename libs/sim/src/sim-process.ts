/** A simulated process: threads that live, stand still and die together. */
import { SimThread, type ProcessState } from './sim-thread.ts';
import type { VirtualTime } from './virtual-time.ts';

export class SimProcess {
  readonly name: string;
  readonly #time: VirtualTime;
  readonly #threads: SimThread[] = [];
  readonly #state: { isDead: boolean; isFrozen: boolean } & ProcessState = { isDead: false, isFrozen: false };
  readonly #ends: (() => void)[] = [];

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  get isDead(): boolean {
    return this.#state.isDead;
  }

  get isFrozen(): boolean {
    return this.#state.isFrozen;
  }

  startThread(): SimThread {
    const thread = new SimThread(this.#time, this.#state);
    this.#threads.push(thread);
    return thread;
  }

  /** Calls `action` when the process dies. */
  onDeath(action: () => void): void {
    if (this.isDead) action();
    else this.#ends.push(action);
  }

  /** How often the process was thawed. */
  thaws = 0;

  /** Whether the machine went down with the process, so that no peer was told. */
  isSilent = false;

  /** Ends the process in the middle of whatever it does; what its code still does has no effect. */
  kill(silently = false): void {
    if (this.isDead) return;
    this.#state.isDead = true;
    this.isSilent = silently;
    for (const action of this.#ends) action();
  }

  /** Makes the process stand still, as SIGSTOP does: what comes in waits. */
  freeze(): void {
    this.#state.isFrozen = true;
  }

  thaw(): void {
    this.#state.isFrozen = false;
    this.thaws++;
    for (const thread of this.#threads) thread.release();
  }
}
