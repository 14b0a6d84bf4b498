/** Unary calls and server streams of a client, with deadline and cancellation. */
import type { DescMessage, DescMethod } from '@bufbuild/protobuf';
import { Metadata, status, type CallOptions as GrpcCallOptions, type Client, type ServiceError } from '@grpc/grpc-js';
import { WeftError } from '@weft/core';
import { defaultCallTimeoutMs } from './connection-options.ts';
import { fromStatus } from './error-table.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import { methodPath, type MessageInit, type Received } from './service-definition.ts';

/** Bounds of one call. */
export interface CallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call fails with `timeout`. A unary call that names none has 10 s, a stream no bound. */
  readonly timeoutMs?: number | undefined;
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** The grpc-js form of a call's bounds. */
export function grpcCallOptions(timeoutMs: number | undefined): GrpcCallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

/** The error for a call that `signal` cancelled. */
export function cancelledError(action: string, signal: AbortSignal): WeftError {
  return new WeftError('cancelled', `${action} was cancelled`, { cause: signal.reason });
}

/** The error of a failed call; the caller's own cancellation is told apart from the peer's. */
export function callError(error: ServiceError, action: string, signal: AbortSignal | undefined): WeftError {
  if (error.code === status.CANCELLED && signal?.aborted === true) return cancelledError(action, signal);
  return fromStatus(error, action);
}

/** Runs `cancel` when `signal` fires; returns what takes the listener away again. */
export function onAbort(signal: AbortSignal | undefined, cancel: () => void): () => void {
  if (signal === undefined) return () => undefined;
  signal.addEventListener('abort', cancel, { once: true });
  return () => {
    signal.removeEventListener('abort', cancel);
  };
}

/** A unary method as a function. */
export function callUnary(
  client: Client,
  method: DescMethod,
  address: string,
): (request: MessageInit<DescMessage>, options?: CallOptions) => Promise<Received<DescMessage>> {
  const action = `${method.name} at ${address}`;
  return (request, options = {}) => {
    const { signal, timeoutMs = defaultCallTimeoutMs } = options;
    const answer = new Promise<Buffer>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(cancelledError(action, signal));
        return;
      }
      const settled = (error: ServiceError | null, bytes?: Buffer): void => {
        release();
        if (error !== null) reject(callError(error, action, signal));
        else if (bytes === undefined) reject(new WeftError('internal', `${action} gave no answer`));
        else resolve(bytes);
      };
      const bytes = encodeMessage(method.input, request);
      const bounds = grpcCallOptions(timeoutMs);
      const call = client.makeUnaryRequest(methodPath(method), asIs, asIs, bytes, new Metadata(), bounds, settled);
      const release = onAbort(signal, () => {
        call.cancel();
      });
    });
    return answer.then((bytes) => decodeMessage(method.output, bytes));
  };
}

/** A server-streaming method as a function. Leaving the loop cancels the call. */
export function callServerStream(
  client: Client,
  method: DescMethod,
  address: string,
): (request: MessageInit<DescMessage>, options?: CallOptions) => AsyncIterable<Received<DescMessage>> {
  const action = `${method.name} at ${address}`;
  return async function* (request, options = {}) {
    const { signal, timeoutMs } = options;
    if (signal?.aborted === true) throw cancelledError(action, signal);
    const bytes = encodeMessage(method.input, request);
    const bounds = grpcCallOptions(timeoutMs);
    const call = client.makeServerStreamRequest(methodPath(method), asIs, asIs, bytes, new Metadata(), bounds);
    const release = onAbort(signal, () => {
      call.cancel();
    });
    try {
      for await (const message of call) yield decodeMessage(method.output, message as Buffer);
    } catch (thrown) {
      throw thrown instanceof WeftError ? thrown : callError(thrown as ServiceError, action, signal);
    } finally {
      release();
      // An error that the cancellation itself brings has no reader any more.
      call.on('error', () => undefined);
      call.cancel();
    }
  };
}

/** See `ServiceClient.connected`. */
export function waitForConnection(client: Client, address: string, options: CallOptions = {}): Promise<void> {
  const { signal, timeoutMs = defaultCallTimeoutMs } = options;
  const action = `connecting to ${address}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelledError(action, signal));
      return;
    }
    const release = onAbort(signal, () => {
      if (signal !== undefined) reject(cancelledError(action, signal));
    });
    client.waitForReady(Date.now() + timeoutMs, (error) => {
      release();
      if (error === undefined) resolve();
      else
        reject(
          new WeftError('timeout', `${action} failed: nothing answered within ${String(timeoutMs)} ms`, {
            cause: error,
          }),
        );
    });
  });
}
