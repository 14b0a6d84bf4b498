/** A queue with a store in memory, and trainers that attach over streams in memory, load whatever they are told, and compute nothing. */
import { runId, WeftError, type ErrorCode, type RunId, type TrainerId } from '@weft/core';
import { everyTrainer, openSqliteRunStore, type RunStore, type StoredRun } from '@weft/store';
import { createCoordinatorMetrics, createLogger, createProcessRegistry } from '@weft/telemetry';
import {
  ClusterService,
  create,
  inMemoryStreams,
  protocolVersion,
  RunConfigurationSchema,
  RunState,
  type RunConfiguration,
  type StreamPair,
} from '@weft/wire';
import { PassThrough } from 'node:stream';
import { Cluster } from '../cluster/cluster.ts';
import type { RunContext } from './run-context.ts';
import { RunFeed, type FeedEvent } from './run-feed.ts';
import { RunQueue } from './run-queue.ts';

/** Elements of a contribution to any of its runs. */
export const layoutSize = 70_000;

type TrainerEnd = StreamPair<typeof ClusterService.method.attach>['client'];

/** A trainer as a test has it. */
export interface TrainerInMemory {
  readonly stream: TrainerEnd;
  /** `open r`, `close r`, in order. */
  readonly heard: string[];
  /** Says that it cannot take part in a run. */
  fail(run: RunId, code: ErrorCode): void;
}

const nowhere: RunContext['checkpoints'] = {
  read: () => Promise.reject(new WeftError('not-found', 'no checkpoints here')),
  write: () => Promise.resolve('nowhere'),
};

export class QueueInMemory {
  readonly feed = new RunFeed();
  readonly store: RunStore;
  readonly queue: RunQueue;
  readonly cluster: Cluster;
  nowMs = 0;

  constructor(store = openSqliteRunStore(':memory:'), checkpoints: RunContext['checkpoints'] = nowhere) {
    this.store = store;
    const log = createLogger({ component: 'test', level: 'error', format: 'json', stream: new PassThrough() });
    const nowMs = (): number => this.nowMs;
    let transfers = 1n;
    const context = {
      store,
      feed: this.feed,
      log,
      nowMs,
      soon: setImmediate,
      later: () => () => undefined,
      wallSeconds: nowMs,
      reduction: 'tree' as const,
      metrics: createCoordinatorMetrics(createProcessRegistry(), {
        trainers: () => this.cluster.states(),
        heartbeatAges: () => this.cluster.heartbeatAgesSeconds(),
        paces: () => new Map(),
        runs: () => this.queue.countByState(),
      }),
      link: (trainer: TrainerId) => this.cluster.find(trainer)?.link,
      nextTransfer: () => transfers++,
      fail: (error: WeftError) => {
        throw error;
      },
      checkpoints,
    };
    this.queue = new RunQueue(context, () => this.cluster);
    const settings = { heartbeatIntervalMs: 100, heartbeatTimeoutMs: 1000, coordinatorVersion: '0' };
    this.cluster = new Cluster(settings, log, nowMs, (trainer, change) => {
      if (change !== 'attached') this.queue.forget(trainer);
      this.queue.place();
    });
  }

  submit(run: string, change: Partial<StoredRun> = {}): RunId {
    const id = runId(run);
    this.queue.submit({ ...storedRun(id), ...change });
    return id;
  }

  /** A trainer that says hello. */
  attach(trainerId: string, engineFingerprint = 'e'): TrainerInMemory {
    const { client, server } = inMemoryStreams(ClusterService.method.attach);
    const heard: string[] = [];
    this.cluster.attach(server);
    client.onMessage(({ body }) => {
      if (body.case === 'closeRun') heard.push(`close ${body.value.runId}`);
      if (body.case !== 'openRun') return;
      heard.push(`open ${body.value.runId}`);
      const value = { runId: body.value.runId, layoutSize: BigInt(layoutSize), snapshotBytes: 100n };
      client.send({ body: { case: 'ready', value } });
    });
    client.send({ body: { case: 'hello', value: { trainerId, protocolVersion, engineFingerprint, processId: 1 } } });
    return {
      stream: client,
      heard,
      fail: (run, code) => {
        client.send({ body: { case: 'failure', value: { runId: run, code, message: 'it cannot' } } });
      },
    };
  }

  /** Which run each trainer works for. */
  get work(): Record<string, string> {
    return Object.fromEntries(this.cluster.members.map(({ link, driver }) => [link.id, driver?.run.runId ?? '']));
  }

  /** Collects what a watcher of `run` sees; `ended` when it sees no more. */
  watch(run: RunId): { readonly seen: FeedEvent[]; readonly ended: Promise<void> } {
    const seen: FeedEvent[] = [];
    const live = this.feed.watch(run, new AbortController().signal);
    const collect = async (): Promise<void> => {
      for await (const event of live) seen.push(event);
    };
    return { seen, ended: collect() };
  }
}

/** Steps of four examples. */
export function fewSteps({ trainExamples = 8, chunkSize = 1, epochs = 1 } = {}): RunConfiguration {
  return create(RunConfigurationSchema, {
    dataSet: { name: 'd', trainExamples, validationExamples: 10, testExamples: 10 },
    ...{ batchSize: 4, chunkSize, epochs },
  });
}

function storedRun(id: RunId): StoredRun {
  return {
    runId: id,
    configuration: fewSteps(),
    ...{ minTrainers: 1, startTrainers: 1, maxTrainers: everyTrainer, priority: 0, studyId: '', trial: 0 },
    ...{ transport: 'auto', submittedAtSeconds: 0, state: RunState.QUEUED, reason: '', generation: 0, checkpoint: 0 },
    ...{ engineFingerprint: '', result: undefined, failureCode: '' },
  };
}
