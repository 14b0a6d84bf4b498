/** The client's end of a two-way stream. */
import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { Metadata, status, type Client, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { cancelledError, callError, grpcCallOptions, onAbort, type CallOptions } from './client-call.ts';
import { DuplexMessageStream } from './duplex-message-stream.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import type { MessageStream } from './message-stream.ts';
import { methodPath, type MessageInit, type Received } from './service-definition.ts';

/** How long a server may take to end a stream that the client has ended, before the client cuts it. */
const endGraceMs = 5_000;

const asIs = (bytes: Buffer): Buffer => bytes;

/** Opens a two-way stream. A server that cannot be reached shows in `onEnd`, as `unavailable`. */
export function openClientStream(
  client: Client,
  method: DescMethod,
  address: string,
  options: CallOptions = {},
): MessageStream<MessageInit<DescMessage>, Received<DescMessage>> {
  const { signal, timeoutMs } = options;
  const action = `${method.name} at ${address}`;
  const call = client.makeBidiStreamRequest(methodPath(method), asIs, asIs, new Metadata(), grpcCallOptions(timeoutMs));
  const stream = new DuplexMessageStream<MessageInit<DescMessage>, Received<DescMessage>>({
    duplex: call,
    peer: address,
    encode: (message) => encodeMessage(method.input, message),
    decode: (bytes) => decodeMessage(method.output, bytes),
    close: (error) => {
      if (error !== undefined) {
        call.cancel();
        return;
      }
      call.end();
      const timer = setTimeout(() => {
        call.cancel();
      }, endGraceMs);
      call.once('status', () => {
        clearTimeout(timer);
      });
    },
  });
  const release = onAbort(signal, () => {
    if (signal !== undefined) stream.end(cancelledError(action, signal));
  });
  // The status comes too, with the same content.
  call.on('error', () => undefined);
  call.on('status', (ended: StatusObject) => {
    release();
    const error =
      ended.code === status.OK ? undefined : callError(ended as StatusObject & ServiceError, action, signal);
    // Messages that arrived before the status are delivered before the end is.
    call.once('end', () => {
      stream.ended(error);
    });
    if (call.listenerCount('data') === 0) call.resume();
  });
  if (signal?.aborted === true) stream.end(cancelledError(action, signal));
  return stream;
}
