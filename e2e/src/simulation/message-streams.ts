/** The real message streams, encoding included, over simulated connections. */
import { WeftError } from '@weft/core';
import type { ConnectionEnd, SimThread } from '@weft/sim';
import {
  ClusterService,
  decodeMessage,
  DuplexMessageStream,
  encodeMessage,
  type AttachRequest,
  type AttachResponse,
  type AttachRequestSchema,
  type AttachResponseSchema,
  type MessageInitShape,
  type MessageStream,
} from '@weft/wire';

/** What a connection that carries messages is closed with. */
export type StreamEnd = ConnectionEnd<WeftError>;

const { input, output } = ClusterService.method.attach;
/** As in the real client: a server that does not end its side is cut off. */
const endGraceMs = 5_000;

/** The trainer's side of a stream. `received` sees each message before the trainer does. */
export function trainerStream(
  end: StreamEnd,
  thread: SimThread,
  received: (message: AttachResponse) => void,
): MessageStream<MessageInitShape<typeof AttachRequestSchema>, AttachResponse> {
  const stream = new DuplexMessageStream<MessageInitShape<typeof AttachRequestSchema>, AttachResponse>({
    duplex: byteStream(end),
    peer: 'coordinator',
    encode: (message) => encodeMessage(input, message),
    decode: (bytes) => {
      const message = decodeMessage(output, bytes);
      received(message);
      return message;
    },
    close: (error) => {
      if (error !== undefined) {
        end.cut('the peer cancelled');
        return;
      }
      end.close();
      thread.clock.after(endGraceMs, () => {
        if (end.isOver) return;
        end.cut('the peer cancelled');
        stream.ended(new WeftError('cancelled', 'attach was cancelled'));
      });
    },
  });
  end.onEnd((ending) => {
    stream.ended(ending.kind === 'closed' ? ending.reason : new WeftError('unavailable', `attach: ${ending.cause}`));
  });
  return stream;
}

/** The coordinator's side of a stream. `sent` sees each message as it is sent. */
export function coordinatorStream(
  end: StreamEnd,
  peer: string,
  sent: (bytes: Uint8Array) => void,
): MessageStream<MessageInitShape<typeof AttachResponseSchema>, AttachRequest> {
  const bytes = byteStream(end);
  const stream = new DuplexMessageStream<MessageInitShape<typeof AttachResponseSchema>, AttachRequest>({
    duplex: {
      get writableNeedDrain() {
        return bytes.writableNeedDrain;
      },
      write: (message) => {
        sent(message);
        return bytes.write(message);
      },
      on: (event: 'data' | 'drain', listener: (message: Buffer) => void) => bytes.on(event, listener),
    },
    peer,
    encode: (message) => encodeMessage(output, message),
    decode: (message) => decodeMessage(input, message),
    close: (error) => {
      end.close(error);
      stream.ended(error);
    },
  });
  end.onEnd((ending) => {
    if (ending.kind === 'closed') stream.end();
    else stream.ended(new WeftError('cancelled', `attach was cut: ${ending.cause}`));
  });
  return stream;
}

interface ByteStream {
  readonly writableNeedDrain: boolean;
  write(bytes: Buffer): boolean;
  on(event: 'data' | 'drain', listener: (bytes: Buffer) => void): void;
}

function byteStream(end: StreamEnd): ByteStream {
  return {
    get writableNeedDrain() {
      return end.isFull;
    },
    write: (bytes) => {
      end.send(bytes);
      return !end.isFull;
    },
    on: (event, listener) => {
      if (event === 'data') {
        end.onMessage((message) => {
          listener(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
        });
      } else {
        end.onDrained(() => {
          listener(Buffer.alloc(0));
        });
      }
    },
  };
}
