/** The two-way stream of messages that services see, whatever carries it. */
import type { WeftError } from '@weft/core';

/**
 * One end of a two-way stream of messages. Messages arrive in the order in which they were sent, each once.
 *
 * A stream has no half-open state: when either end ends, both do, after the messages already sent have arrived.
 */
export interface MessageStream<Sent, Received> {
  /**
   * Sends a message. It has been encoded when this returns, so buffers that it refers to may be reused. False: the message
   * was taken, but the stream is full, and the caller should wait for `drained` before it sends more in bulk. After the
   * end, messages are dropped and the answer is true.
   */
  send(message: Sent): boolean;
  /** Sends a message that is encoded already, as `encodeMessage` does; the buffer must not change afterwards. See `send`. */
  sendEncoded(bytes: Buffer): boolean;
  /** Resolves when the stream takes more, at once if it does already, and also when it has ended. */
  drained(): Promise<void>;
  /**
   * Sets the one receiver; messages wait until there is one. A `WeftError` that it throws ends the stream with that error;
   * anything else that it throws is a bug and stays uncaught.
   */
  onMessage(receive: (message: Received) => void): void;
  /**
   * Sets the one listener to the end, called once, after the last message: without an error when the end was orderly. A lost
   * connection is an error at either end; but to a server, a client that cancels can look like one that ended, because HTTP/2
   * closes its side first. Where that matters, a message must say goodbye.
   */
  onEnd(listener: (error?: WeftError) => void): void;
  /** Ends the stream. With an error the peer is told it if this is the serving end, else that the stream was cancelled. */
  end(error?: WeftError): void;
  /** Where the peer is, for messages: `127.0.0.1:50123`. */
  readonly peer: string;
}
