import type { ParameterLayout } from '@weft/nn-models';
import type { Runtime } from './runtime.ts';
import type { Feeds } from './session.ts';

/**
 * Tensors over the variables of a flat buffer, without copying: inputs where the buffer holds parameters, outputs where it
 * takes contributions. The tensors for the last buffer are kept, since a trainer uses the same one at each step.
 */
export class FlatTensors {
  readonly #runtime: Runtime;
  readonly #layout: ParameterLayout;
  readonly #nameOf: (index: number) => string;
  #buffer: Float32Array | undefined;
  #tensors: Feeds = {};

  constructor(runtime: Runtime, layout: ParameterLayout, nameOf: (index: number) => string) {
    this.#runtime = runtime;
    this.#layout = layout;
    this.#nameOf = nameOf;
  }

  /** The tensors over `buffer` (length `layout.size`, not shared: the runtime refuses shared memory). */
  over(buffer: Float32Array): Feeds {
    if (buffer === this.#buffer) return this.#tensors;
    const { Tensor } = this.#runtime;
    this.#buffer = buffer;
    this.#tensors = Object.fromEntries(
      this.#layout.entries.map(({ offset, length, shape }, index) => [
        this.#nameOf(index),
        new Tensor('float32', buffer.subarray(offset, offset + length), [...shape]),
      ]),
    );
    return this.#tensors;
  }
}

/** `values` itself, or a copy where it lies in shared memory, which the runtime refuses. */
export function unshared<T extends Float32Array | Uint8Array | Int32Array>(values: T): T {
  return values.buffer instanceof SharedArrayBuffer ? (values.slice() as T) : values;
}
