/**
 * Entry point of the work thread: engine, training loop and the stream to the coordinator in one event loop, so that a step of
 * a small model costs no hop between threads. While the engine computes, this loop stands still; signs of life come from
 * the main thread.
 */
import { describeError, WeftError } from '@weft/core';
import { openEngine } from '@weft/engine';
import { processClock } from '@weft/process';
import { createLogger } from '@weft/telemetry';
import { RunOpener } from '@weft/training';
import { ClusterService, openClient } from '@weft/wire';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { startPeerServer } from '../gang/peer-server.ts';
import { MetricsRelay } from './metrics-relay.ts';
import { serveWork } from './serve-work.ts';
import type { WorkCommand, WorkReport, WorkSettings } from './thread-messages.ts';

const port = parentPort;
if (port !== null) {
  // The main thread starts this thread with these settings only.
  const settings = workerData as WorkSettings;
  const report = (message: WorkReport): void => {
    port.postMessage(message);
  };
  const stop = new AbortController();
  let roundTripMs = 0;
  port.on('message', (command: WorkCommand) => {
    switch (command.kind) {
      case 'stop':
        stop.abort();
        return;
      case 'ask':
        report({ kind: 'answer' });
        return;
      case 'round-trip':
        ({ roundTripMs } = command);
    }
  });
  const relay = new MetricsRelay((measurements) => {
    report({ kind: 'measured', measurements });
  });
  try {
    await work({ settings, report, relay, roundTripMs: () => roundTripMs, stop: stop.signal });
    relay.flush();
    report({ kind: 'ended' });
  } catch (thrown) {
    if (!(thrown instanceof WeftError)) throw thrown;
    report({ kind: 'ended', failure: { code: thrown.code, message: describeError(thrown) } });
  }
}

interface ThreadParts {
  readonly settings: WorkSettings;
  readonly report: (message: WorkReport) => void;
  readonly relay: MetricsRelay;
  readonly roundTripMs: () => number;
  readonly stop: AbortSignal;
}

async function work({ settings, report, relay, roundTripMs, stop }: ThreadParts): Promise<void> {
  const { logLevel: level, logFormat: format } = settings;
  const log = createLogger({ component: 'trainer', level, format, stream: process.stderr });
  const engine = await openEngine(settings.engine);
  report({ kind: 'engine-open', fingerprint: engine.fingerprint });
  const peers = await startPeerServer(settings.peerListen, settings.peerAddress, log);
  await serveWork({
    settings: { ...settings, engineFingerprint: engine.fingerprint, processId: process.pid },
    source: new RunOpener(engine, settings.dataOptions),
    connect: () => openClient(ClusterService, { address: settings.coordinator }),
    peers,
    clock: processClock,
    measure: (measurement) => {
      relay.measure(measurement);
    },
    roundTripMs,
    report,
    log,
    stop,
  }).finally(() => peers.stop());
}
