/** Float32 buffers of one length, used again instead of allocated for every step. */
import { invariant } from '@weft/core';

export class BufferPool {
  readonly length: number;
  readonly #free: Float32Array[] = [];

  constructor(length: number) {
    this.length = length;
  }

  /** A buffer with unspecified content, the caller's until released. */
  acquire(): Float32Array {
    return this.#free.pop() ?? new Float32Array(this.length);
  }

  release(buffer: Float32Array): void {
    invariant(buffer.length === this.length, 'a buffer goes back to its own pool');
    this.#free.push(buffer);
  }
}
