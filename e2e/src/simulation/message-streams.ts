/** The real message streams, encoding included, over simulated connections. */
import { WeftError } from '@weft/core';
import type { ConnectionEnd, SimThread } from '@weft/sim';
import {
  decodeMessage,
  DuplexMessageStream,
  encodeMessage,
  type ClusterService,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  type MessageStream,
  type PeerService,
} from '@weft/wire';

/** What a connection that carries messages is closed with. */
export type StreamEnd = ConnectionEnd<WeftError>;

/** A two-way method of one of the services. */
type StreamMethod = (typeof ClusterService)['method']['attach'] | (typeof PeerService)['method']['exchange'];

type Caller<Method extends StreamMethod> = MessageStream<
  MessageInitShape<Method['input']>,
  MessageShape<Method['output']>
>;
type Called<Method extends StreamMethod> = MessageStream<
  MessageInitShape<Method['output']>,
  MessageShape<Method['input']>
>;

/** As in the real client: a server that does not end its side is cut off. */
const endGraceMs = 5_000;

/** The calling side. `received` sees each message before the caller does. */
export function callingStream<Method extends StreamMethod>(
  { name, input, output }: Method,
  end: StreamEnd,
  thread: SimThread,
  received: (message: MessageShape<Method['output']>) => void,
): Caller<Method> {
  const stream = new DuplexMessageStream<MessageInitShape<Method['input']>, MessageShape<Method['output']>>({
    duplex: byteStream(end, () => undefined),
    peer: 'simulated',
    encode: (message) => encodeMessage<DescMessage>(input, message),
    decode: (bytes) => decodedBy<Method['output']>(output, bytes, received),
    close: (error) => {
      if (error !== undefined) {
        end.cut('the peer cancelled');
        return;
      }
      end.close();
      thread.clock.after(endGraceMs, () => {
        if (end.isOver) return;
        end.cut('the peer cancelled');
        stream.ended(new WeftError('cancelled', `${name} was cancelled`));
      });
    },
  });
  end.onEnd((ending) => {
    stream.ended(ending.kind === 'closed' ? ending.reason : new WeftError('unavailable', `${name}: ${ending.cause}`));
  });
  return stream;
}

/** The side that is called. `sent` sees each message as it is sent, `received` each before the called does. */
export function calledStream<Method extends StreamMethod>(
  { name, input, output }: Method,
  end: StreamEnd,
  peer: string,
  sent: (bytes: Uint8Array) => void,
  received: (message: MessageShape<Method['input']>) => void,
): Called<Method> {
  const stream = new DuplexMessageStream<MessageInitShape<Method['output']>, MessageShape<Method['input']>>({
    duplex: byteStream(end, sent),
    peer,
    encode: (message) => encodeMessage<DescMessage>(output, message),
    decode: (bytes) => decodedBy<Method['input']>(input, bytes, received),
    close: (error) => {
      end.close(error);
      stream.ended(error);
    },
  });
  end.onEnd((ending) => {
    if (ending.kind === 'closed') stream.end();
    else stream.ended(new WeftError('cancelled', `${name} was cut: ${ending.cause}`));
  });
  return stream;
}

function decodedBy<Schema extends DescMessage>(
  schema: Schema,
  bytes: Uint8Array,
  received: (message: MessageShape<Schema>) => void,
): MessageShape<Schema> {
  const message = decodeMessage(schema, bytes);
  received(message);
  return message;
}

interface ByteStream {
  readonly writableNeedDrain: boolean;
  write(bytes: Buffer): boolean;
  on(event: 'data' | 'drain', listener: (bytes: Buffer) => void): void;
}

function byteStream(end: StreamEnd, sent: (bytes: Uint8Array) => void): ByteStream {
  return {
    get writableNeedDrain() {
      return end.isFull;
    },
    write: (bytes) => {
      sent(bytes);
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
