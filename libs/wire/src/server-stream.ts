/** The server's end of a two-way stream. */
import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { WeftError } from '@weft/core';
import { DuplexMessageStream } from './duplex-message-stream.ts';
import { toStatus } from './error-table.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import type { MessageStream } from './message-stream.ts';
import type { MessageInit, Received } from './service-definition.ts';

/** Wraps a call. When the client has ended its side, this side is ended too. */
export function openServerStream(
  call: ServerDuplexStream<Buffer, Buffer>,
  method: DescMethod,
): MessageStream<MessageInit<DescMessage>, Received<DescMessage>> {
  const peer = call.getPeer();
  const stream = new DuplexMessageStream<MessageInit<DescMessage>, Received<DescMessage>>({
    duplex: call,
    peer,
    encode: (message) => encodeMessage(method.output, message),
    decode: (bytes) => decodeMessage(method.input, bytes),
    close: (error) => {
      if (error !== undefined) call.emit('error', toStatus(error));
      else call.end();
      stream.ended(error);
    },
  });
  call.once('end', () => {
    // A peer that died shows as an end too; that it was none shows within the same turn of the event loop.
    setImmediate(() => {
      stream.end();
    });
  });
  call.once('cancelled', () => {
    const text = `${method.name} from ${peer} was cut: the connection was lost, the peer cancelled, or a message broke a limit`;
    stream.ended(new WeftError('cancelled', text));
  });
  return stream;
}
