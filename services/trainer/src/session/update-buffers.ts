/** Shared buffers for incoming updates: filled here, applied by the compute thread, then used again. */
import { WeftError } from '@weft/core';

export class UpdateBuffers {
  readonly #free: SharedArrayBuffer[] = [];
  #layoutSize = 0;

  /** Elements of an update of the run in hand. Buffers of another run's size are let go. */
  set layoutSize(size: number) {
    if (size !== this.#layoutSize) this.#free.length = 0;
    this.#layoutSize = size;
  }

  /** A buffer for an update of `totalBytes`, or the error that tells which length it must have. */
  begin(totalBytes: number): Uint8Array | WeftError {
    const expected = this.#layoutSize * 4;
    if (totalBytes !== expected) {
      return new WeftError(
        'invalid-argument',
        `an update of ${String(totalBytes)} bytes came; it must have ${String(expected)}`,
      );
    }
    return new Uint8Array(this.#free.pop() ?? new SharedArrayBuffer(totalBytes));
  }

  /** Gives a buffer back. */
  release(buffer: SharedArrayBuffer): void {
    if (buffer.byteLength === this.#layoutSize * 4) this.#free.push(buffer);
  }
}
