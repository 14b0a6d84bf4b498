/** One transfer to several receivers: cut, checked and encoded once. */
import { invariant } from '@weft/core';
import { splitTransfer, type FramedPayload, type TransferSubject } from './frame-split.ts';

export class SharedTransfer {
  readonly #frames: Iterator<FramedPayload>;
  readonly #encode: (framed: FramedPayload) => Buffer;
  readonly #receivers: number;
  /** Encoded frames that some receiver has yet to take, by number. */
  readonly #waiting = new Map<number, { readonly message: Buffer; taken: number }>();
  #cut = 0;
  #ended = false;

  /**
   * A transfer of `bytes` to `receivers` receivers, each of which takes `messages` to its end. `transfer` must grow from one
   * transfer to the next on every stream that it goes to. `bytes` must not change until all have.
   */
  constructor(
    transfer: bigint,
    about: TransferSubject,
    bytes: Uint8Array,
    receivers: number,
    encode: (framed: FramedPayload) => Buffer,
  ) {
    this.#frames = splitTransfer(transfer, about, bytes);
    this.#receivers = receivers;
    this.#encode = encode;
  }

  /** The encoded frames for one receiver. A frame is held from when the first has taken it until the last has. */
  *messages(): Generator<Buffer> {
    for (let number = 0; ; number++) {
      const message = this.#take(number);
      if (message === undefined) return;
      yield message;
    }
  }

  #take(number: number): Buffer | undefined {
    if (number === this.#cut && !this.#ended) this.#cutNext();
    const frame = this.#waiting.get(number);
    if (frame === undefined) {
      invariant(this.#ended && number === this.#cut, `frame ${String(number)} was taken by more than its receivers`);
      return undefined;
    }
    frame.taken++;
    if (frame.taken === this.#receivers) this.#waiting.delete(number);
    return frame.message;
  }

  #cutNext(): void {
    const next = this.#frames.next();
    if (next.done === true) this.#ended = true;
    else this.#waiting.set(this.#cut++, { message: this.#encode(next.value), taken: 0 });
  }
}
