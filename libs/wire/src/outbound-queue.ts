/** Sends encoded messages and long sequences of them over one stream in the order of the calls, as fast as it takes them. */
import type { MessageStream } from './message-stream.ts';

interface Outgoing {
  readonly messages: Iterator<Buffer>;
  readonly sent: () => void;
}

export class OutboundQueue {
  readonly #stream: Pick<MessageStream<never, unknown>, 'sendEncoded' | 'drained'>;
  readonly #waiting: Outgoing[] = [];
  #pumping = false;

  constructor(stream: Pick<MessageStream<never, unknown>, 'sendEncoded' | 'drained'>) {
    this.#stream = stream;
  }

  /** Sends one message: at once, or behind what is still waiting. */
  send(message: Buffer): void {
    this.sendAll([message], () => undefined);
  }

  /**
   * Sends messages as they are taken from `messages`, no faster than the stream drains; what is sent later waits behind them.
   * Calls `sent` when the last was taken by the stream, or would have been had it not ended.
   */
  sendAll(messages: Iterable<Buffer>, sent: () => void): void {
    this.#waiting.push({ messages: messages[Symbol.iterator](), sent });
    if (!this.#pumping) this.#pump();
  }

  #pump(): void {
    this.#pumping = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const message = next.messages.next();
      if (message.done === true) {
        this.#waiting.shift();
        next.sent();
      } else if (!this.#stream.sendEncoded(message.value)) {
        void this.#stream.drained().then(() => {
          this.#pump();
        });
        return;
      }
    }
    this.#pumping = false;
  }
}
