/**
 * Entry point of the work thread: engine, training loop and the stream to the coordinator in one event loop, so that a step of
 * a small model costs no hop between threads. While the engine computes, this loop stands still; signs of life come from
 * the main thread.
 */
import { describeError, WeftError } from '@weft/core';
import { openEngine } from '@weft/engine';
import { createLogger } from '@weft/telemetry';
import { RunOpener } from '@weft/training';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { ComputeCommand } from '../compute/commands.ts';
import { Inbox } from '../compute/inbox.ts';
import { trainLoop } from '../compute/train-loop.ts';
import { Attachments } from './attachments.ts';
import { MetricsRelay } from './metrics-relay.ts';
import type { WorkReport, WorkSettings } from './thread-messages.ts';

const port = parentPort;
if (port !== null) {
  // The main thread starts this thread with these settings only.
  const settings = workerData as WorkSettings;
  const report = (message: WorkReport): void => {
    port.postMessage(message);
  };
  const stop = new AbortController();
  port.on('message', () => {
    stop.abort();
  });
  const relay = new MetricsRelay((measurements) => {
    report({ kind: 'measured', measurements });
  });
  try {
    await work(settings, report, relay, stop.signal);
    relay.flush();
    report({ kind: 'ended' });
  } catch (thrown) {
    if (!(thrown instanceof WeftError)) throw thrown;
    report({ kind: 'ended', failure: { code: thrown.code, message: describeError(thrown) } });
  }
}

async function work(
  settings: WorkSettings,
  report: (message: WorkReport) => void,
  relay: MetricsRelay,
  stop: AbortSignal,
): Promise<void> {
  const { logLevel: level, logFormat: format } = settings;
  const log = createLogger({ component: 'trainer', level, format, stream: process.stderr });
  const engine = await openEngine(settings.engine);
  report({ kind: 'engine-open', fingerprint: engine.fingerprint });
  const inbox = new Inbox<ComputeCommand>();
  const attachments = new Attachments(settings, {
    trainerId: settings.trainerId,
    instanceId: settings.instanceId,
    httpAddress: settings.httpAddress,
    engineFingerprint: engine.fingerprint,
    command: (command) => {
      inbox.put(command);
    },
    measure: (measurement) => {
      relay.measure(measurement);
      if (measurement.kind === 'attached' && !measurement.attached) report({ kind: 'detached' });
    },
    welcomed: (heartbeatIntervalMs) => {
      report({ kind: 'attached', heartbeatIntervalMs });
    },
    log,
  });
  const loop = trainLoop(
    inbox,
    (message) => {
      attachments.report(message);
    },
    new RunOpener(engine, settings.dataOptions),
    () => performance.now(),
  );
  await Promise.race([attachments.serve(stop), loop]);
}
