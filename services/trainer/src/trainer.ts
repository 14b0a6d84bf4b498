/** The trainer, put together: compute thread, HTTP, and one session after another with the coordinator. */
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { engineNames, type EngineName } from '@weft/engine';
import { createProcessRegistry, createTrainerMetrics, startHttpServer, type Logger } from '@weft/telemetry';
import { ClusterService, openClient, parseListenAddress } from '@weft/wire';
import { startComputeThread } from './compute/compute-process.ts';
import type { ComputeThreadData } from './compute/compute-thread.ts';
import { Session, type SessionParts } from './session/session.ts';

/** Everything that a trainer can be told. */
export interface TrainerSettings {
  readonly coordinator: string;
  readonly trainerId: string;
  readonly engine: EngineName;
  readonly httpListen: string;
  readonly dataOptions: ComputeThreadData['dataOptions'];
  /** How long to try to reach a coordinator before giving up, in milliseconds. */
  readonly reconnectTimeoutMs: number;
}

/** Failures after which the coordinator may be back soon; all others are final. */
const passing: readonly ErrorCode[] = ['unavailable', 'timeout'];
const retryPauseMs = 250;
const stopGraceMs = 1000;

/** Whether `text` names an engine. */
export function isEngineName(text: string): text is EngineName {
  return engineNames.some((name) => name === text);
}

/**
 * Serves the coordinator until `stop` aborts. Throws a `WeftError` where the engine cannot be opened, the coordinator refuses the
 * trainer, or it cannot be reached for `reconnectTimeoutMs`.
 */
export async function runTrainer(settings: TrainerSettings, log: Logger, stop: AbortSignal): Promise<void> {
  const registry = createProcessRegistry();
  const metrics = createTrainerMetrics(registry);
  const { engine, dataOptions } = settings;
  const thread = await startComputeThread(
    { engine, dataOptions },
    (code, message) => new WeftError(code as ErrorCode, message),
  );
  let attached = false;
  const crash = new Promise<never>((_, reject) => {
    thread.onCrash(reject);
  });
  crash.catch(() => undefined);
  const http = await startHttpServer({
    ...parseListenAddress(settings.httpListen),
    registry,
    health: () => ({ ok: true, reasons: [] }),
    ready: () => (attached ? { ok: true, reasons: [] } : { ok: false, reasons: ['not attached to a coordinator'] }),
    reportBug: (thrown, path) => {
      log.error('a page failed', { path, error: describeError(thrown) });
    },
  });
  log.info('trainer starts', { trainer: settings.trainerId, engine: thread.fingerprint, http: http.address });
  try {
    const parts: SessionParts = { trainerId: settings.trainerId, httpAddress: http.address, thread, metrics, log };
    const serve = attachUntilStopped(settings, parts, stop, (now) => {
      attached = now;
    });
    await Promise.race([serve, crash]);
  } finally {
    await Promise.all([http.stop(stopGraceMs), thread.stop()]);
  }
}

async function attachUntilStopped(
  settings: TrainerSettings,
  parts: SessionParts,
  stop: AbortSignal,
  attached: (now: boolean) => void,
): Promise<void> {
  const client = openClient(ClusterService, { address: settings.coordinator });
  let lastSeenMs = performance.now();
  try {
    while (!stop.aborted) {
      await client.connected({ timeoutMs: settings.reconnectTimeoutMs, signal: stop }).catch((thrown: unknown) => {
        if (!stop.aborted) throw thrown;
      });
      if (stop.aborted) return;
      const session = new Session(client.attach(), parts);
      const leave = (): void => {
        session.leave('it was told to stop');
      };
      stop.addEventListener('abort', leave, { once: true });
      attached(true);
      const error = await session.serve();
      attached(false);
      stop.removeEventListener('abort', leave);
      if (stop.aborted) return;
      if (session.welcomed) lastSeenMs = performance.now();
      if (error !== undefined && !passing.includes(error.code)) throw error;
      if (performance.now() - lastSeenMs > settings.reconnectTimeoutMs) throw error ?? unreachable(settings);
      parts.log.warn('detached; trying again', { reason: error?.message ?? 'the coordinator closed the stream' });
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
    }
  } finally {
    client.close();
  }
}

function unreachable({ coordinator, reconnectTimeoutMs }: TrainerSettings): WeftError {
  const seconds = String(reconnectTimeoutMs / 1000);
  return new WeftError('unavailable', `no coordinator at ${coordinator} for ${seconds} s; is it running there?`);
}
