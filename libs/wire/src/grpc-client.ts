/**
 * Thin typed clients: a unary method is a promise, a server stream an async iterable, a two-way stream a `MessageStream`.
 *
 * Nothing is retried here; a failure is a `WeftError` whose code says whether another attempt makes sense.
 */
import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { Client, credentials, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { clientOptions } from './connection-options.ts';
import { callServerStream, callUnary, waitForConnection, type CallOptions } from './client-call.ts';
import { openClientStream } from './client-stream.ts';
import type { MessageStream } from './message-stream.ts';
import type { MessageInit, MethodShape, Received } from './service-definition.ts';

/** How a method is called. */
export type ClientMethod<Method extends MethodShape> = Method['methodKind'] extends 'unary'
  ? (request: MessageInit<Method['input']>, options?: CallOptions) => Promise<Received<Method['output']>>
  : Method['methodKind'] extends 'server_streaming'
    ? (request: MessageInit<Method['input']>, options?: CallOptions) => AsyncIterable<Received<Method['output']>>
    : Method['methodKind'] extends 'bidi_streaming'
      ? (options?: CallOptions) => MessageStream<MessageInit<Method['input']>, Received<Method['output']>>
      : never;

/** The methods of a service, and the connection under them. */
export type ServiceClient<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: ClientMethod<Service['method'][Name]>;
} & {
  /**
   * Resolves when a connection stands; tries again until then.
   *
   * @throws WeftError `timeout` after `timeoutMs` (10 s unless given), `cancelled` by the signal.
   */
  readonly connected: (options?: CallOptions) => Promise<void>;
  /** Cancels what is under way and closes the connection. */
  readonly close: () => void;
};

/** Where and how to connect. */
export interface ClientSettings {
  /** `host:port`. */
  readonly address: string;
  /** From `clientCredentials`; without, the connection is not encrypted. */
  readonly credentials?: ChannelCredentials;
  /** Overrides of `clientOptions`. */
  readonly options?: ChannelOptions;
}

/** A client for a service. Connects at the first call, and again after a loss at the next one. */
export function openClient<Service extends DescService>(
  service: Service,
  settings: ClientSettings,
): ServiceClient<Service> {
  const { address } = settings;
  const channelCredentials = settings.credentials ?? credentials.createInsecure();
  const client = new Client(address, channelCredentials, { ...clientOptions, ...settings.options });
  const methods = service.methods.map((method) => [method.localName, bindMethod(client, method, address)]);
  const connection = {
    connected: (options?: CallOptions) => waitForConnection(client, address, options),
    close: () => {
      client.close();
    },
  };
  // The entries follow the descriptor, which the type describes.
  return { ...Object.fromEntries(methods), ...connection } as ServiceClient<Service>;
}

function bindMethod(client: Client, method: DescMethod, address: string): unknown {
  switch (method.methodKind) {
    case 'unary':
      return callUnary(client, method, address);
    case 'server_streaming':
      return callServerStream(client, method, address);
    case 'bidi_streaming':
      return (options?: CallOptions) => openClientStream(client, method, address, options);
    case 'client_streaming':
      return undefined;
  }
}
