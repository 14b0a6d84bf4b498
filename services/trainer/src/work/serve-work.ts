/** What a work thread does once its engine is open: attachments and training loop, tied together. No clock or network of its own. */
import type { Clock } from '@weft/core';
import type { Logger } from '@weft/telemetry';
import type { ComputeCommand } from '../compute/commands.ts';
import { Inbox } from '../compute/inbox.ts';
import type { RunSource } from '../compute/opened-run.ts';
import { trainLoop } from '../compute/train-loop.ts';
import { Attachments, type AttachmentSettings, type CoordinatorConnection } from './attachments.ts';
import type { SessionParts } from './session.ts';
import type { Measurement, WorkReport } from './thread-messages.ts';

/** What a trainer works with. */
export interface WorkParts {
  readonly settings: AttachmentSettings &
    Pick<SessionParts, 'trainerId' | 'instanceId' | 'processId' | 'httpAddress' | 'engineFingerprint'>;
  readonly source: RunSource;
  readonly connect: () => CoordinatorConnection;
  readonly clock: Clock;
  readonly measure: (measurement: Measurement) => void;
  readonly report: (report: WorkReport) => void;
  readonly log: Logger;
  /** Aborts when the trainer is to leave. */
  readonly stop: AbortSignal;
}

/** Serves the coordinator until `stop` aborts. Throws a `WeftError` as `Attachments.serve` does. */
export async function serveWork(parts: WorkParts): Promise<void> {
  const { settings, clock, measure, report, log } = parts;
  const inbox = new Inbox<ComputeCommand>();
  const attachments = new Attachments(
    settings,
    {
      trainerId: settings.trainerId,
      instanceId: settings.instanceId,
      processId: settings.processId,
      httpAddress: settings.httpAddress,
      engineFingerprint: settings.engineFingerprint,
      command: (command) => {
        inbox.put(command);
      },
      measure: (measurement) => {
        measure(measurement);
        if (measurement.kind === 'attached' && !measurement.attached) report({ kind: 'detached' });
      },
      welcomed: (heartbeatIntervalMs) => {
        report({ kind: 'attached', heartbeatIntervalMs });
      },
      log,
    },
    clock,
    parts.connect,
  );
  const loop = trainLoop(
    inbox,
    (message) => {
      attachments.report(message);
    },
    parts.source,
    clock,
  );
  await Promise.race([attachments.serve(parts.stop), loop]);
}
