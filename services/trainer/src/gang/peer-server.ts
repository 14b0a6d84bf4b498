/** Listens for other trainers, in the thread of the training loop: what they send is added where it arrives. */
import { describeError } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import { bindService, openClient, PeerService, startGrpcServer } from '@weft/wire';
import type { PeerPort } from '../work/serve-work.ts';
import type { PeerStream } from './peer-inbox.ts';

/** A port that listens, until `stop`. */
export interface PeerServer extends PeerPort {
  stop(): Promise<void>;
}

const stopGraceMs = 100;

/**
 * Listens at `listen`. `announced` is where others are told to come, if that differs: a pod that listens on all addresses, say.
 * Throws a `WeftError` where it cannot listen.
 */
export async function startPeerServer(listen: string, announced: string | undefined, log: Logger): Promise<PeerServer> {
  let accept: ((stream: PeerStream) => void) | undefined;
  const service = bindService(
    PeerService,
    {
      exchange: (stream) => {
        accept?.(stream);
      },
    },
    (thrown, method) => {
      log.error('a handler failed', { method, error: describeError(thrown) });
    },
  );
  const server = await startGrpcServer({ listen, services: [service] });
  return {
    address: announced ?? server.address,
    serve: (take) => {
      accept = take;
    },
    connect: (address) => openClient(PeerService, { address }),
    stop: () => server.stop(stopGraceMs),
  };
}
