/** What happened in a simulation, in order: a digest of it always, the lines themselves where they are wanted. */
import { createHash } from 'node:crypto';
import type { VirtualTime } from './virtual-time.ts';

export class Trace {
  readonly #time: VirtualTime;
  readonly #hash = createHash('sha256');
  readonly #write: ((line: string) => void) | undefined;

  /** `write` is given each line as it comes. */
  constructor(time: VirtualTime, write?: (line: string) => void) {
    this.#time = time;
    this.#write = write;
  }

  add(actor: string, text: string): void {
    const line = `${this.#time.nowMs.toFixed(3).padStart(11)} ${actor.padEnd(12)} ${text}`;
    this.#hash.update(line);
    this.#write?.(line);
  }

  /** SHA-256 of all lines so far, hexadecimal. */
  get digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
