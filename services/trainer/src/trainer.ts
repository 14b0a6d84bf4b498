/** The trainer's main thread: signs of life, metrics and health, while the work thread computes. */
import { describeError, WeftError } from '@weft/core';
import { createProcessRegistry, createTrainerMetrics, startHttpServer, type Logger } from '@weft/telemetry';
import { processClock } from '@weft/process';
import { ClusterService, openClient, parseListenAddress } from '@weft/wire';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { Heartbeats } from './heartbeats.ts';
import { recordMeasurement } from './measurements.ts';
import { StallWatch } from './stall-watch.ts';
import type { WorkCommand, WorkReport, WorkSettings } from './work/thread-messages.ts';

/** Everything that a trainer can be told. */
export interface TrainerSettings extends Omit<WorkSettings, 'httpAddress' | 'instanceId'> {
  readonly httpListen: string;
  /** How long the work thread may compute without coming back. */
  readonly stallTimeoutMs: number;
}

const stopGraceMs = 1000;
/** For a thread that was told to end, and may be in native code; long beside what a busy machine takes to end one that is not. */
const terminateGraceMs = 5000;
/** Less than the 30 s that Kubernetes gives. */
const leaveGraceMs = 20_000;

/**
 * Serves the coordinator until `stop` aborts. Ends the whole process by SIGKILL where the work thread does not come back from native
 * code, in which nothing else ends it. Throws a `WeftError` where the engine cannot be opened, the coordinator refuses the
 * trainer, or it cannot be reached for `reconnectTimeoutMs`.
 */
export async function runTrainer(settings: TrainerSettings, log: Logger, stop: AbortSignal): Promise<void> {
  const registry = createProcessRegistry();
  const metrics = createTrainerMetrics(registry);
  const instanceId = randomUUID();
  const connection = openClient(ClusterService, { address: settings.coordinator });
  const sender = { trainerId: settings.trainerId, instanceId };
  const heartbeats = new Heartbeats(connection, sender, processClock, log);
  const http = await startHttpServer({
    ...parseListenAddress(settings.httpListen),
    registry,
    health: () => ({ ok: true, reasons: [] }),
    ready: () =>
      heartbeats.running ? { ok: true, reasons: [] } : { ok: false, reasons: ['not attached to a coordinator'] },
    reportBug: (thrown, path) => {
      log.error('a page failed', { path, error: describeError(thrown) });
    },
  }).catch((thrown: unknown) => {
    heartbeats.close();
    throw thrown;
  });
  const workerData: WorkSettings = { ...settings, instanceId, httpAddress: http.address };
  const worker = new Worker(new URL('./work/work-thread.ts', import.meta.url), { workerData });
  const tell = (command: WorkCommand): void => {
    worker.postMessage(command);
  };
  const tellToStop = (): void => {
    tell({ kind: 'stop' });
    // A computation that takes longer is cut: the coordinator gives its chunks to others.
    setTimeout(() => void terminate('it was told to stop'), leaveGraceMs).unref();
  };
  const terminate = async (reason: string): Promise<void> => {
    const timer = setTimeout(() => {
      log.error(`the engine does not return: the process ends itself by SIGKILL; ${reason}`, {
        trainer: settings.trainerId,
      });
      process.kill(process.pid, 'SIGKILL');
    }, terminateGraceMs);
    await worker.terminate();
    clearTimeout(timer);
  };
  let stall: WeftError | undefined;
  const watch = new StallWatch({
    clock: processClock,
    limitMs: settings.stallTimeoutMs,
    ask: () => {
      tell({ kind: 'ask' });
    },
    stalled: () => {
      const limit = `${String(settings.stallTimeoutMs / 1000)} s`;
      stall = new WeftError(
        'timeout',
        `a computation did not end within ${limit}: the engine hangs, or needs a longer --stall-timeout`,
      );
      void terminate(stall.message);
    },
  });
  stop.addEventListener('abort', tellToStop, { once: true });
  if (stop.aborted) tellToStop();
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => {
        if (stop.aborted) resolve();
        else reject(stall ?? new Error('the work thread ended without a word'));
      });
      worker.on('message', (report: WorkReport) => {
        switch (report.kind) {
          case 'engine-open':
            log.info('engine open', { trainer: settings.trainerId, engine: report.fingerprint, http: http.address });
            return;
          case 'attached':
            heartbeats.start(report.heartbeatIntervalMs, (roundTripMs) => {
              tell({ kind: 'round-trip', roundTripMs });
            });
            return;
          case 'detached':
            heartbeats.stop();
            return;
          case 'answer':
            watch.answered();
            return;
          case 'measured':
            for (const measurement of report.measurements) recordMeasurement(metrics, measurement);
            return;
          case 'ended':
            if (report.failure === undefined) resolve();
            else reject(new WeftError(report.failure.code, report.failure.message));
        }
      });
    });
  } finally {
    stop.removeEventListener('abort', tellToStop);
    watch.close();
    heartbeats.close();
    await Promise.all([http.stop(stopGraceMs), terminate('it has ended')]);
  }
}
