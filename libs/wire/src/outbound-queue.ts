/** Sends messages and long sequences of them over one stream in the order of the calls, as fast as the stream takes them. */
import type { MessageStream } from './message-stream.ts';

interface Outgoing<Sent> {
  readonly messages: Iterator<Sent>;
  readonly sent: () => void;
}

export class OutboundQueue<Sent> {
  readonly #stream: Pick<MessageStream<Sent, unknown>, 'send' | 'drained'>;
  readonly #waiting: Outgoing<Sent>[] = [];
  #pumping = false;

  constructor(stream: Pick<MessageStream<Sent, unknown>, 'send' | 'drained'>) {
    this.#stream = stream;
  }

  /** Sends one message: at once, or behind what is still waiting. */
  send(message: Sent): void {
    this.sendAll([message], () => undefined);
  }

  /**
   * Sends messages as they are taken from `messages`, no faster than the stream drains; what is sent later waits behind them.
   * Calls `sent` when the last was taken by the stream, or would have been had it not ended.
   */
  sendAll(messages: Iterable<Sent>, sent: () => void): void {
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
      } else if (!this.#stream.send(message.value)) {
        void this.#stream.drained().then(() => {
          this.#pump();
        });
        return;
      }
    }
    this.#pumping = false;
  }
}
