/** A `MessageStream` over a duplex stream of bytes; both ends of a call share it and differ in how a call is closed. */
import { WeftError } from '@weft/core';
import type { MessageStream } from './message-stream.ts';

/** What is used of a duplex stream in object mode, of Buffers, one a message. */
interface ByteStream {
  readonly writableNeedDrain: boolean;
  write(bytes: Buffer): boolean;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

/** What the two ends of a call do differently. */
export interface StreamCarrier<Sent, Received> {
  readonly duplex: ByteStream;
  readonly peer: string;
  encode(message: Sent): Buffer;
  /** @throws WeftError `corrupt` */
  decode(bytes: Buffer): Received;
  /** Tells the transport to close the call, once the messages written so far have gone out if there is no error. */
  close(error: WeftError | undefined): void;
}

/** See `MessageStream`. Whoever makes one calls `ended` when the transport reports the end. */
export class DuplexMessageStream<Sent, Received> implements MessageStream<Sent, Received> {
  readonly #carrier: StreamCarrier<Sent, Received>;
  #closing = false;
  #outcome: { readonly error: WeftError | undefined } | undefined;
  #listener: ((error?: WeftError) => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(carrier: StreamCarrier<Sent, Received>) {
    this.#carrier = carrier;
    carrier.duplex.on('drain', () => {
      this.#wake();
    });
  }

  get peer(): string {
    return this.#carrier.peer;
  }

  send(message: Sent): boolean {
    if (this.#closing || this.#outcome !== undefined) return true;
    return this.#carrier.duplex.write(this.#carrier.encode(message));
  }

  sendEncoded(bytes: Buffer): boolean {
    if (this.#closing || this.#outcome !== undefined) return true;
    return this.#carrier.duplex.write(bytes);
  }

  drained(): Promise<void> {
    if (this.#closing || this.#outcome !== undefined || !this.#carrier.duplex.writableNeedDrain)
      return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  onMessage(receive: (message: Received) => void): void {
    this.#carrier.duplex.on('data', (bytes: Buffer) => {
      if (this.#outcome !== undefined) return;
      try {
        receive(this.#carrier.decode(bytes));
      } catch (thrown) {
        if (!(thrown instanceof WeftError)) throw thrown;
        this.end(thrown);
      }
    });
  }

  onEnd(listener: (error?: WeftError) => void): void {
    this.#listener = listener;
    if (this.#outcome !== undefined) this.#report();
  }

  end(error?: WeftError): void {
    if (this.#closing || this.#outcome !== undefined) return;
    this.#closing = true;
    this.#carrier.close(error);
    // After an error of this end, nothing that may still arrive is of interest.
    if (error !== undefined) this.ended(error);
    else this.#wake();
  }

  /** Records the end that the transport, or this end, brought about; later calls change nothing. */
  ended(error: WeftError | undefined): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = { error };
    this.#wake();
    this.#report();
  }

  /** Tells the listener, outside of whatever call led here. */
  #report(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    const error = this.#outcome?.error;
    process.nextTick(() => {
      if (error === undefined) listener();
      else listener(error);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
