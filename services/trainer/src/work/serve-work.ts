/** What a work thread does once its engine is open: attachments and training loop, tied together. No clock or network of its own. */
import { invariant, type Clock } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import type { ComputeCommand } from '../compute/commands.ts';
import { Inbox } from '../compute/inbox.ts';
import type { RunSource } from '../compute/opened-run.ts';
import { trainLoop } from '../compute/train-loop.ts';
import { PeerInbox, type PeerStream } from '../gang/peer-inbox.ts';
import { PeerLinks, type PeerConnection } from '../gang/peer-links.ts';
import { Attachments, type AttachmentSettings, type CoordinatorConnection } from './attachments.ts';
import type { SessionParts } from './session.ts';
import type { Measurement, WorkReport } from './thread-messages.ts';

/** What a trainer works with. */
export interface WorkParts {
  readonly settings: AttachmentSettings &
    Pick<SessionParts, 'trainerId' | 'instanceId' | 'processId' | 'httpAddress' | 'engineFingerprint'>;
  readonly source: RunSource;
  readonly connect: () => CoordinatorConnection;
  /** The way to and from other trainers; without, partials travel through the coordinator. */
  readonly peers?: PeerPort;
  readonly clock: Clock;
  readonly measure: (measurement: Measurement) => void;
  /** Of a message to the coordinator and back, of late; 0, or absent, where it is not known. */
  readonly roundTripMs?: () => number;
  readonly report: (report: WorkReport) => void;
  readonly log: Logger;
  /** Aborts when the trainer is to leave. */
  readonly stop: AbortSignal;
}

/** How trainers reach each other. */
export interface PeerPort {
  /** Where others reach this trainer. */
  readonly address: string;
  /** Sets who takes the calls of others. */
  serve(accept: (stream: PeerStream) => void): void;
  connect(address: string): PeerConnection;
}

/** Serves the coordinator until `stop` aborts. Throws a `WeftError` as `Attachments.serve` does. */
export async function serveWork(parts: WorkParts): Promise<void> {
  const { settings, clock, measure, report, log } = parts;
  const inbox = new Inbox<ComputeCommand>();
  const command = (next: ComputeCommand): void => {
    inbox.put(next);
  };
  const counted = (direction: 'sent' | 'received', bytes: number): void => {
    measure({ kind: 'frames', direction, bytes });
  };
  const peerInbox = new PeerInbox(command, (bytes) => {
    counted('received', bytes);
  });
  const links = new PeerLinks({
    trainerId: settings.trainerId,
    connect: (address) => {
      invariant(parts.peers !== undefined, 'only a trainer that others reach is told to reach others');
      return parts.peers.connect(address);
    },
    lost: (gang, peer, reason) => {
      log.warn('another trainer of the gang cannot be reached', { peer, reason });
      attachments.peerLost(gang, peer, reason);
    },
    sent: (bytes) => {
      counted('sent', bytes);
    },
  });
  parts.peers?.serve((stream) => {
    peerInbox.accept(stream);
  });
  const attachments = new Attachments(
    settings,
    {
      trainerId: settings.trainerId,
      instanceId: settings.instanceId,
      processId: settings.processId,
      httpAddress: settings.httpAddress,
      engineFingerprint: settings.engineFingerprint,
      command,
      ...(parts.peers === undefined ? {} : { peers: peersOf(parts.peers.address, peerInbox) }),
      measure: (measurement) => {
        measure(measurement);
        if (measurement.kind === 'attached' && !measurement.attached) report({ kind: 'detached' });
      },
      roundTripMs: parts.roundTripMs ?? (() => 0),
      welcomed: (heartbeatIntervalMs) => {
        report({ kind: 'attached', heartbeatIntervalMs });
      },
      log,
    },
    clock,
    parts.connect,
  );
  const loop = trainLoop({
    inbox,
    report: (message) => {
      attachments.report(message);
    },
    opener: parts.source,
    peers: links,
    clock,
  });
  try {
    await Promise.race([attachments.serve(parts.stop), loop]);
  } finally {
    links.leave();
    peerInbox.close();
  }
}

function peersOf(address: string, inbox: PeerInbox): NonNullable<SessionParts['peers']> {
  return {
    address,
    opened: (layout) => {
      inbox.layout = layout;
    },
    closed: () => {
      inbox.layout = undefined;
    },
  };
}
