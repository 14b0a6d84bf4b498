/** Starts and stops a gRPC server; all waits are bounded. */
import { Server, ServerCredentials, setLogger, type ChannelOptions } from '@grpc/grpc-js';
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { receiveWindowBytes, serverOptions } from './connection-options.ts';
import type { BoundService } from './grpc-service.ts';
import { formatAddress, parseListenAddress } from './listen-address.ts';
import { widenReceiveWindow } from './receive-window.ts';

/** What to serve, and where. */
export interface GrpcServerSettings {
  /** `host:port`, see `parseListenAddress`; or `unix:` and the absolute path of a socket that does not exist yet. */
  readonly listen: string;
  readonly services: readonly BoundService[];
  /** From `serverCredentials`; without, connections are not encrypted. */
  readonly credentials?: ServerCredentials;
  /** Overrides of `serverOptions`. */
  readonly options?: ChannelOptions;
}

/** A server that listens. */
export interface RunningGrpcServer {
  /** The port in use, also when the settings said 0; 0 for a socket. */
  readonly port: number;
  /** `host:port` with that port, or the socket as in the settings. */
  readonly address: string;
  /** Stops listening, lets calls finish for `graceMs` milliseconds, then cuts the rest. Resolves when all is closed. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws WeftError `invalid-argument` for a malformed address, `already-exists` for a taken port, `unavailable` for any other
 * address that cannot be used.
 */
export async function startGrpcServer(settings: GrpcServerSettings): Promise<RunningGrpcServer> {
  const isSocket = settings.listen.startsWith('unix:');
  const { host, port: wanted } = isSocket ? { host: '', port: 0 } : parseListenAddress(settings.listen);
  const textOf = (port: number): string => (isSocket ? settings.listen : formatAddress(host, port));
  // What grpc-js prints as an error is thrown too, with more of the cause; traces asked for by GRPC_TRACE stay.
  const print = (text: string): void => void process.stderr.write(`${text}\n`);
  setLogger({ error: () => undefined, info: print, debug: print });
  const server = new Server({ ...serverOptions, ...settings.options });
  for (const { definition, implementation } of settings.services) server.addService(definition, implementation);
  const port = await bind(server, textOf(wanted), settings.credentials ?? ServerCredentials.createInsecure());
  widenReceiveWindow(server, receiveWindowBytes);
  let stopped: Promise<void> | undefined;
  return {
    port: isSocket ? 0 : port,
    address: textOf(port),
    stop: (graceMs) => (stopped ??= stopServer(server, graceMs)),
  };
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) {
        resolve(port);
        return;
      }
      server.forceShutdown();
      reject(bindError(address, error));
    });
  });
}

function bindError(address: string, cause: Error): WeftError {
  const taken = describeError(cause).includes('EADDRINUSE');
  const code: ErrorCode = taken ? 'already-exists' : 'unavailable';
  const why = taken ? 'another process listens there' : describeError(cause);
  const remedy = 'stop that process or choose another address; port 0 takes any free one';
  return new WeftError(
    code,
    `cannot listen on ${address}: ${why}; ${taken ? remedy : 'choose an address of this machine'}`,
    {
      cause,
    },
  );
}

function stopServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
