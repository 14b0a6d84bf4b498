/** The coordinator, put together: store, cluster, queue, and the two services at its edge. */
import { describeError, WeftError } from '@weft/core';
import {
  addressFileName,
  openSqliteRunStore,
  openSqliteStudyStore,
  readCheckpoint,
  storeFileName,
  studyStoreFileName,
  writeCheckpoint,
  type StudyStore,
} from '@weft/store';
import { processClock } from '@weft/process';
import { createCoordinatorMetrics, createProcessRegistry, startHttpServer, type Logger } from '@weft/telemetry';
import {
  bindService,
  ClusterService,
  healthService,
  parseListenAddress,
  RunService,
  ServiceHealth,
  startGrpcServer,
  StudyService,
} from '@weft/wire';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleCoordinator } from './assembly.ts';
import { createArchiveService } from './run/archive-service.ts';
import type { RunContext } from './run/run-context.ts';
import { createRunService } from './run/run-service.ts';
import type { ReductionOrder } from './run/step-reduction.ts';
import { QueueTrialRunner } from './study/queue-trial-runner.ts';
import { Studies } from './study/studies.ts';
import { StudyFeed } from './study/study-feed.ts';
import { createStudyService } from './study/study-service.ts';

/** Everything that a coordinator can be told. */
export interface CoordinatorSettings {
  readonly listen: string;
  readonly httpListen: string;
  readonly stateDir: string;
  /** Checkpoints that stay on disk, of each run; at least 2. */
  readonly keepCheckpoints: number;
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly version: string;
  /** Whether runs that were queued or under way when the last coordinator stopped go on by themselves. */
  readonly continueRuns: boolean;
  /** `tree` keeps Weft's promise; `arrival` breaks it, to show what the tree is for. */
  readonly reduction: ReductionOrder;
}

/** A coordinator that serves. */
export interface RunningCoordinator {
  readonly address: string;
  readonly httpAddress: string;
  /** Never resolves; rejects with the error after which the coordinator cannot go on and must be stopped. */
  readonly failed: Promise<never>;
  /** Stops serving: runs under way can be resumed from their checkpoints. Bounded by a few seconds. */
  stop(): Promise<void>;
}

const stopGraceMs = 1000;
/** How often the time that studies are at work is counted. */
const studyTickMs = 1000;

/** Starts a coordinator. Throws a `WeftError` that names the address or the path that cannot be used. */
export async function startCoordinator(settings: CoordinatorSettings, log: Logger): Promise<RunningCoordinator> {
  const { stateDir, keepCheckpoints } = settings;
  await requireWritable(stateDir);
  const store = openSqliteRunStore(join(stateDir, storeFileName));
  const studyStore = openStudies(join(stateDir, studyStoreFileName), () => {
    store.close();
  });
  const registry = createProcessRegistry();
  let stopping = false;
  const wallSeconds = (): number => Date.now() / 1000;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const checkpoints: RunContext['checkpoints'] = {
    read: (run, position) => readCheckpoint(store, stateDir, run, position),
    write: (run, position, bytes) => writeCheckpoint(store, stateDir, keepCheckpoints, { run, position, bytes }),
  };
  const { queue, cluster, feed, start, stop } = assembleCoordinator({
    settings: { ...settings, coordinatorVersion: settings.version },
    store,
    checkpoints,
    metrics: (sources) => createCoordinatorMetrics(registry, sources),
    log,
    clock: processClock,
    wallSeconds,
    fail: failure.reject,
  });
  const reportBug = (thrown: unknown, method: string): void => {
    log.error('a handler failed', { method, error: describeError(thrown) });
  };
  const runner = new QueueTrialRunner(queue, store, wallSeconds);
  const studyFeed = new StudyFeed();
  const parts = { store: studyStore, runner, feed: studyFeed, log, wallSeconds, fail: failure.reject };
  const studies = new Studies(parts);
  runner.listen(studies.listener);
  queue.observe(runner);
  const health = new ServiceHealth([ClusterService.typeName, RunService.typeName, StudyService.typeName]);
  const clusterService = bindService(
    ClusterService,
    {
      attach: (stream) => {
        cluster.attach(stream);
      },
      heartbeat: ({ trainerId, instanceId }) => {
        cluster.heartbeat(trainerId, instanceId);
        return Promise.resolve({});
      },
    },
    reportBug,
  );
  const runService = createRunService({ queue, cluster, feed, wallSeconds, reportBug });
  const closeStore = (): void => {
    studyStore.close();
    store.close();
  };
  try {
    if (!settings.continueRuns) queue.interruptAll();
    studies.begin(settings.continueRuns);
  } catch (thrown) {
    closeStore();
    throw thrown;
  }
  const grpc = await startGrpcServer({
    listen: settings.listen,
    services: [
      clusterService,
      runService,
      createStudyService({ studies, feed: studyFeed, wallSeconds, reportBug }),
      createArchiveService(store, checkpoints, reportBug),
      healthService(health, reportBug),
    ],
  }).catch((thrown: unknown) => {
    closeStore();
    throw thrown;
  });
  const http = await startHttpServer({
    ...parseListenAddress(settings.httpListen),
    registry,
    health: () => ({ ok: true, reasons: [] }),
    ready: () => (stopping ? { ok: false, reasons: ['the coordinator is stopping'] } : { ok: true, reasons: [] }),
    reportBug,
  }).catch(async (thrown: unknown) => {
    await grpc.stop(0);
    closeStore();
    throw thrown;
  });
  start();
  const stopStudies = countTime(studies, failure.reject);
  // Who finds the store in use finds here whom to ask instead.
  await writeFile(join(stateDir, addressFileName), grpc.address).catch((thrown: unknown) => {
    log.warn('the address was not written down', { error: describeError(thrown) });
  });
  health.setAll(true);
  log.info('coordinator serves', { address: grpc.address, http: http.address, stateDir: settings.stateDir });
  return {
    address: grpc.address,
    httpAddress: http.address,
    failed: failure.promise,
    stop: async () => {
      stopping = true;
      health.setAll(false);
      stopStudies();
      stop('the coordinator is stopping');
      await Promise.all([grpc.stop(stopGraceMs), http.stop(stopGraceMs)]);
      closeStore();
    },
  };
}

function openStudies(file: string, otherwise: () => void): StudyStore {
  try {
    return openSqliteStudyStore(file);
  } catch (thrown) {
    otherwise();
    throw thrown;
  }
}

/** Counts the time that studies are at work. What is returned ends that. */
function countTime(studies: Studies, fail: (error: WeftError) => void): () => void {
  return processClock.every(studyTickMs, () => {
    try {
      studies.tick(studyTickMs / 1000);
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      fail(thrown);
    }
  });
}

/** Throws a `WeftError` that names the directory and what to do, where it cannot be written. */
async function requireWritable(directory: string): Promise<void> {
  const probe = join(directory, `.probe-${String(process.pid)}`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    const remedy = full ? 'free some space' : 'choose another with --state-dir, or make it writable';
    const code = full ? 'resource-exhausted' : 'unavailable';
    throw new WeftError(code, `cannot write to the state directory ${directory}: ${describeError(cause)}; ${remedy}`, {
      cause,
    });
  }
}
