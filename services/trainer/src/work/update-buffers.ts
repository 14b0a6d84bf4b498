/** Buffers for incoming updates: filled by the session, applied by the training loop, then used again. */
import { WeftError } from '@weft/core';

export class UpdateBuffers {
  readonly #free: Float32Array[] = [];
  #layoutSize = 0;

  /** Elements of an update of the run in hand. Buffers of another run's size are let go. */
  set layoutSize(size: number) {
    if (size !== this.#layoutSize) this.#free.length = 0;
    this.#layoutSize = size;
  }

  /** The bytes of a buffer for an update of `totalBytes`, or the error that tells which length it must have. */
  begin(totalBytes: number): Uint8Array | WeftError {
    const expected = this.#layoutSize * 4;
    if (totalBytes === expected) return new Uint8Array((this.#free.pop() ?? new Float32Array(this.#layoutSize)).buffer);
    const found = `an update of ${String(totalBytes)} bytes came`;
    return new WeftError('invalid-argument', `${found}; it must have ${String(expected)}`);
  }

  /** Gives a buffer back. */
  release(buffer: Float32Array): void {
    if (buffer.length === this.#layoutSize) this.#free.push(buffer);
  }
}
