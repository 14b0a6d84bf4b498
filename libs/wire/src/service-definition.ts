/**
 * protobuf-es service descriptors as grpc-js service definitions.
 *
 * grpc-js moves bytes only. Messages are encoded and decoded around it, so that a message has been copied when `send`
 * returns, even if grpc-js queues it, and a malformed message is an error that names it.
 */
import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** A method's shape, as far as types need it. */
export type MethodShape = Pick<DescMethod, 'input' | 'output' | 'methodKind'>;

/** What may be passed as a message of `Schema`: the message, or an object to make it from. */
export type MessageInit<Schema extends DescMessage> = MessageInitShape<Schema>;

/** A message of `Schema` as it is received. */
export type Received<Schema extends DescMessage> = MessageShape<Schema>;

const asIs = (bytes: Buffer): Buffer => bytes;

/** The path of a method, `/package.Service/Method`. */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** The definition of one method over bytes. */
function definitionOf(method: DescMethod): MethodDefinition<Buffer, Buffer> {
  return {
    path: methodPath(method),
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
    originalName: method.localName,
  };
}

/** The definition of a whole service over bytes, keyed by the local names of its methods. */
export function definitionOfService(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.localName, definitionOf(method)]));
}
