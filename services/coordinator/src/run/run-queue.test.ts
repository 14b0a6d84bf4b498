import { runId, WeftError, type TrainerId } from '@weft/core';
import { createCoordinatorMetrics, createLogger, createProcessRegistry } from '@weft/telemetry';
import {
  ClusterService,
  create,
  inMemoryStreams,
  protocolVersion,
  RunConfigurationSchema,
  RunState,
  splitTransfer,
  type StreamPair,
} from '@weft/wire';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { Cluster } from '../cluster/cluster.ts';
import { everyTrainer, openSqliteRunStore } from '@weft/store';
import { RunFeed, type FeedEvent } from './run-feed.ts';
import { RunQueue } from './run-queue.ts';

const layoutSize = 70_000;
const first = runId('first');
const second = runId('second');

type TrainerEnd = StreamPair<typeof ClusterService.method.attach>['client'];

/** A queue with a store in memory, and trainers that attach over streams in memory. */
class QueueInMemory {
  readonly feed = new RunFeed();
  readonly store = openSqliteRunStore(':memory:');
  readonly queue: RunQueue;
  readonly cluster: Cluster;

  constructor() {
    const log = createLogger({ component: 'test', level: 'error', format: 'json', stream: new PassThrough() });
    const nowMs = (): number => 0;
    let transfers = 1n;
    const context = {
      store: this.store,
      feed: this.feed,
      log,
      nowMs,
      soon: setImmediate,
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
      checkpoints: {
        read: () => Promise.reject(new WeftError('not-found', 'no checkpoints here')),
        write: () => Promise.resolve('nowhere'),
      },
    };
    this.queue = new RunQueue(context, () => this.cluster);
    const settings = { heartbeatIntervalMs: 100, heartbeatTimeoutMs: 1000, coordinatorVersion: '0' };
    this.cluster = new Cluster(settings, log, nowMs, () => {
      this.queue.place();
    });
  }

  submit(run: typeof first): void {
    this.queue.submit({
      runId: run,
      configuration: create(RunConfigurationSchema, {
        dataSet: { name: 'd', trainExamples: 8, validationExamples: 10, testExamples: 10 },
        batchSize: 4,
        chunkSize: 1,
        epochs: 1,
      }),
      minTrainers: 2,
      startTrainers: 2,
      maxTrainers: everyTrainer,
      priority: 0,
      studyId: '',
      trial: 0,
      transport: 'auto',
      submittedAtSeconds: 0,
      state: RunState.QUEUED,
      reason: '',
      generation: 0,
      checkpoint: 0,
      engineFingerprint: '',
      result: undefined,
      failureCode: '',
    });
  }

  /** A trainer that says hello and is ready for the first run. */
  attach(trainerId: string): { readonly stream: TrainerEnd; readonly opened: string[] } {
    const { client, server } = inMemoryStreams(ClusterService.method.attach);
    const opened: string[] = [];
    this.cluster.attach(server);
    client.onMessage(({ body }) => {
      if (body.case !== 'openRun') return;
      opened.push(body.value.runId);
      const value = { runId: body.value.runId, layoutSize: BigInt(layoutSize), snapshotBytes: 100n };
      if (body.value.runId === first) client.send({ body: { case: 'ready', value } });
    });
    const value = { trainerId, protocolVersion, engineFingerprint: 'e', processId: 1 };
    client.send({ body: { case: 'hello', value } });
    return { stream: client, opened };
  }

  /** Collects what a watcher of `run` sees; `ended` when it sees no more. */
  watch(run: typeof first): { readonly seen: FeedEvent[]; readonly ended: Promise<void> } {
    const seen: FeedEvent[] = [];
    const live = this.feed.watch(run, new AbortController().signal);
    const collect = async (): Promise<void> => {
      for await (const event of live) seen.push(event);
    };
    return { seen, ended: collect() };
  }
}

function partialFrames(run: string, transfer: bigint): Parameters<TrainerEnd['send']>[0][] {
  const value = { $typeName: 'weft.v1.Partial' as const, runId: run, generation: 1n, position: 0n, level: 0, index: 0 };
  const about = { case: 'partial' as const, value: { ...value, lossSum: 1, correctCount: 1n } };
  const frames = splitTransfer(transfer, about, new Uint8Array(layoutSize * 4));
  return [...frames].map(({ frame, payload }) => ({ body: { case: 'frame', value: frame }, payload }));
}

test('what trainers still send of a run that has ended is dropped by the run that follows', async () => {
  const world = new QueueInMemory();
  const { queue, cluster } = world;
  world.submit(first);
  world.submit(second);
  const a = world.attach('a');
  const b = world.attach('b');
  await vi.waitFor(() => {
    expect(queue.describe(first).worldSize).toBe(2);
  });
  const [started, rest] = partialFrames(first, 1n);
  if (started !== undefined) a.stream.send(started);
  queue.cancel(first, 'enough');
  await vi.waitFor(() => {
    expect([a.opened, b.opened]).toEqual([
      [first, second],
      [first, second],
    ]);
  });
  // One transfer was begun before the run ended, the other only now.
  if (rest !== undefined) a.stream.send(rest);
  for (const frame of partialFrames(first, 1n)) b.stream.send(frame);
  for (const { stream } of [a, b]) stream.send({ body: { case: 'ready', value: { runId: second, layoutSize: 4n } } });
  await vi.waitFor(() => {
    expect(queue.describe(second).worldSize).toBe(2);
  });
  expect(cluster.members.map(({ link }) => link.id)).toEqual(['a', 'b']);
});

test('a queued run that is cancelled ends for those who watch it', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  world.submit(first);
  world.submit(second);
  const { seen, ended } = world.watch(second);
  queue.cancel(second, 'not needed');
  await ended;
  expect(seen).toMatchObject([{ case: 'run', value: { state: RunState.CANCELLED, reason: 'not needed' } }]);
});
