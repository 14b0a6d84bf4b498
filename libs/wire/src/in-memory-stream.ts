/** Two-way streams without a network, for tests of services: the same encoding, order, backpressure and ends as over gRPC. */
import type { DescMethod } from '@bufbuild/protobuf';
import { WeftError } from '@weft/core';
import { duplexPair, type Duplex } from 'node:stream';
import { DuplexMessageStream } from './duplex-message-stream.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import type { MessageStream } from './message-stream.ts';
import type { MessageInit, MethodShape, Received } from './service-definition.ts';

/** The two ends of one call of a two-way method. */
export interface StreamPair<Method extends MethodShape> {
  readonly client: MessageStream<MessageInit<Method['input']>, Received<Method['output']>>;
  readonly server: MessageStream<MessageInit<Method['output']>, Received<Method['input']>>;
}

/** Makes a connected pair for a method such as `ClusterService.method.attach`. */
export function inMemoryStreams<Method extends DescMethod>(method: Method): StreamPair<Method> {
  const [clientSide, serverSide] = duplexPair({ objectMode: true });
  let reason: WeftError | undefined;
  const client = new DuplexMessageStream<MessageInit<Method['input']>, Received<Method['output']>>({
    duplex: clientSide,
    peer: 'in-memory server',
    encode: (message) => encodeMessage(method.input, message),
    decode: (bytes) => decodeMessage(method.output, bytes) as Received<Method['output']>,
    close: (error) => {
      if (error === undefined) clientSide.end();
      else server.ended(new WeftError('cancelled', `${method.name} was cut: the peer cancelled`));
    },
  });
  const server = new DuplexMessageStream<MessageInit<Method['output']>, Received<Method['input']>>({
    duplex: serverSide,
    peer: 'in-memory client',
    encode: (message) => encodeMessage(method.output, message),
    decode: (bytes) => decodeMessage(method.input, bytes) as Received<Method['input']>,
    close: (error) => {
      reason = error;
      serverSide.end();
      server.ended(error);
      // The end comes after the messages; where nobody reads them, nobody waits for them.
      drainUnread(clientSide);
    },
  });
  clientSide.once('end', () => {
    client.ended(reason);
  });
  serverSide.once('end', () => {
    server.end();
  });
  return { client, server };
}

function drainUnread(side: Duplex): void {
  if (side.listenerCount('data') === 0) side.resume();
}
