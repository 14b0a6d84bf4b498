/**
 * Binds plain functions to the methods of a service: a handler gets decoded messages and throws `WeftError`s; streams,
 * statuses and encoding are dealt with here, so no handler knows gRPC.
 */
import type { DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';
import type { handleBidiStreamingCall, handleServerStreamingCall, handleUnaryCall } from '@grpc/grpc-js';
import type { ServiceDefinition, UntypedHandleCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { invariant, WeftError } from '@weft/core';
import { toStatus } from './error-table.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import type { MessageStream } from './message-stream.ts';
import { openServerStream } from './server-stream.ts';
import { definitionOfService, type MessageInit, type MethodShape, type Received } from './service-definition.ts';

/** What a handler knows about a call. */
export interface CallContext {
  /**
   * Fires when the caller cancels, its deadline passes or its connection is lost, and when the call is over. Waits inside a
   * handler must heed it.
   */
  readonly signal: AbortSignal;
  /** The caller's address. */
  readonly peer: string;
}

/** How a method is served. What a handler throws becomes the call's status. */
export type MethodHandler<Method extends MethodShape> = Method['methodKind'] extends 'unary'
  ? (request: Received<Method['input']>, context: CallContext) => Promise<MessageInit<Method['output']>>
  : Method['methodKind'] extends 'server_streaming'
    ? (request: Received<Method['input']>, context: CallContext) => AsyncIterable<MessageInit<Method['output']>>
    : Method['methodKind'] extends 'bidi_streaming'
      ? (stream: MessageStream<MessageInit<Method['output']>, Received<Method['input']>>) => void
      : never;

/** A handler for every method of a service. */
export type ServiceHandlers<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: MethodHandler<Service['method'][Name]>;
};

/** A service with its handlers, ready for `startGrpcServer`. */
export interface BoundService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** Told what a handler threw that is no `WeftError`, with the method's name. The caller has got the status `internal`. */
export type BugReporter = (thrown: unknown, method: string) => void;

/** Binds handlers to a service. */
export function bindService<Service extends DescService>(
  service: Service,
  handlers: ServiceHandlers<Service>,
  reportBug: BugReporter,
): BoundService {
  const byName = new Map<string, unknown>(Object.entries(handlers));
  const entries = service.methods.map((method) => {
    const handler = byName.get(method.localName);
    return [method.localName, bindHandler(method, handler, reportBug)] as const;
  });
  return { definition: definitionOfService(service), implementation: Object.fromEntries(entries) };
}

type Unary = MethodHandler<{ methodKind: 'unary'; input: DescMessage; output: DescMessage }>;
type ServerStreaming = MethodHandler<{ methodKind: 'server_streaming'; input: DescMessage; output: DescMessage }>;
type BidiStreaming = MethodHandler<{ methodKind: 'bidi_streaming'; input: DescMessage; output: DescMessage }>;

/** The types of `ServiceHandlers` say which kind of handler stands under a method's name. */
function bindHandler(method: DescMethod, handler: unknown, reportBug: BugReporter): UntypedHandleCall {
  const status = (thrown: unknown): ReturnType<typeof toStatus> => {
    if (!(thrown instanceof WeftError)) reportBug(thrown, method.name);
    return toStatus(thrown);
  };
  switch (method.methodKind) {
    case 'unary':
      return bindUnary(method, handler as Unary, status);
    case 'server_streaming':
      return bindServerStreaming(method, handler as ServerStreaming, status);
    case 'bidi_streaming':
      return bindBidiStreaming(method, handler as BidiStreaming, status);
    case 'client_streaming':
      invariant(false, `${method.name}: client streaming is not used by this contract`);
  }
}

function bindUnary(method: DescMethod, handler: Unary, status: typeof toStatus): handleUnaryCall<Buffer, Buffer> {
  return (call, respond) => {
    const abort = new AbortController();
    call.on('cancelled', () => {
      abort.abort();
    });
    const answer = async (): Promise<Buffer> => {
      const request = decodeMessage(method.input, call.request);
      return encodeMessage(method.output, await handler(request, { signal: abort.signal, peer: call.getPeer() }));
    };
    answer().then(
      (bytes) => {
        respond(null, bytes);
      },
      (thrown: unknown) => {
        respond(status(thrown));
      },
    );
  };
}

function bindServerStreaming(
  method: DescMethod,
  handler: ServerStreaming,
  status: typeof toStatus,
): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const abort = new AbortController();
    call.on('cancelled', () => {
      abort.abort();
    });
    const room = (): Promise<void> =>
      new Promise((resolve) => {
        call.once('drain', resolve);
        call.once('cancelled', resolve);
      });
    const answer = async (): Promise<void> => {
      const request = decodeMessage(method.input, call.request);
      for await (const message of handler(request, { signal: abort.signal, peer: call.getPeer() })) {
        if (abort.signal.aborted) return;
        if (!call.write(encodeMessage(method.output, message))) await room();
      }
    };
    answer().then(
      () => {
        call.end();
      },
      (thrown: unknown) => {
        // The caller is gone and the handler's wait was cut: nothing to report, nobody to tell.
        if (abort.signal.aborted) call.end();
        else call.emit('error', status(thrown));
      },
    );
  };
}

function bindBidiStreaming(
  method: DescMethod,
  handler: BidiStreaming,
  status: typeof toStatus,
): handleBidiStreamingCall<Buffer, Buffer> {
  return (call) => {
    try {
      handler(openServerStream(call, method));
    } catch (thrown) {
      call.emit('error', status(thrown));
    }
  };
}
