import { WeftError } from '@weft/core';
import { createLogger } from '@weft/telemetry';
import {
  ClusterService,
  inMemoryStreams,
  PeerService,
  protocolVersion,
  splitTransfer,
  Transport,
  type AttachResponseSchema,
  type MessageInitShape,
  type RunAssignment,
  type TransferSubject,
} from '@weft/wire';
import { onTestFinished, test, expect } from 'vitest';
import type { OpenedRun } from '../compute/opened-run.ts';
import type { PeerStream } from '../gang/peer-inbox.ts';
import { serveWork } from './serve-work.ts';

type ResponseBody = NonNullable<MessageInitShape<typeof AttachResponseSchema>['body']>;

const log = createLogger({ level: 'error', format: 'json', component: 'test', stream: { write: () => undefined } });
const configuration = {
  dataSet: { trainExamples: 8, validationExamples: 1, testExamples: 1 },
  model: { loss: 'l', topologyJson: '{}' },
  ...{ batchSize: 2, chunkSize: 1, epochs: 1 },
};
const clock = {
  nowMs: () => performance.now(),
  after: () => () => undefined,
  every: () => () => undefined,
  soon: setImmediate,
};

/** A run whose chunks all contribute its seed; `applied` is told of every mean. */
function constantRun(run: RunAssignment, applied: (mean: readonly number[]) => void): OpenedRun {
  let position = 0;
  const refuse = (): never => {
    throw new WeftError('internal', 'not in this test');
  };
  return {
    ...{ run, layoutSize: 2, variables: [], snapshotBytes: 0, rounds: [], weightsDigest: '', chunkCount: 2 },
    spent: { dataSeconds: 0, reduceSeconds: 0 },
    get position() {
      return position;
    },
    exampleCount: () => 1,
    contribute: (_, into) => {
      into.fill(run.seed);
      return Promise.resolve({ loss: 1, correct: 0 });
    },
    apply: (mean) => {
      applied([...mean]);
      position++;
    },
    ...{ nonFiniteIn: refuse, commitAlone: refuse, evaluateChunk: refuse, snapshot: refuse, loadSnapshot: refuse },
    close: () => Promise.resolve(),
  };
}

/** A trainer at work, rank 1 of two; the test is the coordinator, and the other trainer. */
function startTrainer() {
  const coordinator = inMemoryStreams(ClusterService.method.attach);
  const peer = inMemoryStreams(PeerService.method.exchange);
  const events: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<undefined>>();
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    coordinator.server.end();
  });
  coordinator.server.onMessage(({ body }) => {
    if (body.case === 'ready') events.push(`ready ${body.value.runId}`);
  });
  peer.client.onMessage(() => undefined);
  void serveWork({
    settings: {
      ...{ coordinator: 'c', reconnectTimeoutMs: 1000, trainerId: 'x', instanceId: 'i', processId: 1 },
      ...{ httpAddress: '', engineFingerprint: 'constant' },
    },
    source: {
      open: async (run) => {
        events.push(`loading ${run.runId}`);
        await gates.get(run.runId)?.promise;
        return constantRun(run, (mean) => events.push(`${run.runId} applies ${String(mean)}`));
      },
    },
    connect: () => ({
      connected: () => Promise.resolve(),
      attach: () => coordinator.client,
      close: () => undefined,
    }),
    peers: {
      address: 'x',
      serve: (accept: (stream: PeerStream) => void) => {
        accept(peer.server);
      },
      connect: () => ({ exchange: () => inMemoryStreams(PeerService.method.exchange).client, close: () => undefined }),
    },
    ...{ clock, measure: () => undefined, report: () => undefined, log, stop: stop.signal },
  });
  const say = (body: ResponseBody): void => void coordinator.server.send({ body });
  peer.client.send({ body: { case: 'hello', value: { trainerId: 'a', protocolVersion } } });
  let transfers = 1n;
  return {
    events,
    say,
    /** Loading `runId` takes until what this returns is called. */
    holdUp: (runId: string): (() => void) => {
      const gate = Promise.withResolvers<undefined>();
      gates.set(runId, gate);
      return () => {
        gate.resolve(undefined);
      };
    },
    open: (runId: string, seed: bigint): void => {
      say({ case: 'openRun', value: { runId, configuration: { ...configuration, seed } } });
    },
    regroup: (runId: string): void => {
      const members = ['a', 'x'].map((id) => ({ trainerId: id, peerAddress: id }));
      const gang = { generation: 1n, rank: 1, worldSize: 2, members, transport: Transport.DIRECT };
      say({ case: 'regroup', value: { runId, ...gang, position: 0n, shares: [1, 1], chunks: [{ first: 1, end: 2 }] } });
    },
    /** The other trainer sends its partial: of the first chunk, all elements `value`. */
    sendPartial: (runId: string, position: bigint, value: number): void => {
      const about: TransferSubject = {
        case: 'peerPartial',
        value: {
          ...{ $typeName: 'weft.v1.PeerPartial', runId, generation: 1n, position, rank: 0 },
          ...{ hasChunks: true, level: 0, index: 0, lossSum: 1, correctCount: 0n, hold: false },
        },
      };
      const bytes = new Uint8Array(Float32Array.of(value, value).buffer);
      for (const { frame, payload } of splitTransfer(transfers++, about, bytes)) {
        peer.client.send({ body: { case: 'frame', value: frame }, payload });
      }
    },
  };
}

/** Resolves when messages that are on their way have arrived. */
async function passTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

test('what a trainer still sends of a run that was closed here is no part of the next run', async () => {
  const { events, say, holdUp, open, regroup, sendPartial } = startTrainer();
  open('r1', 100n);
  await expect.poll(() => events).toContain('ready r1');
  regroup('r1');
  sendPartial('r1', 0n, 100);
  await expect.poll(() => events.at(-1)).toBe('r1 applies 100,100');
  const release = holdUp('r2');
  say({ case: 'closeRun', value: { runId: 'r1', reason: 'pruned' } });
  open('r2', 1n);
  await expect.poll(() => events.at(-1)).toBe('loading r2');
  sendPartial('r1', 1n, 100);
  await passTurns();
  release();
  await expect.poll(() => events.at(-1)).toBe('ready r2');
  regroup('r2');
  sendPartial('r2', 0n, 1);
  await expect.poll(() => events.at(-1)).toBe('r2 applies 1,1');
  await passTurns();
  expect(events.at(-1)).toBe('r2 applies 1,1');
  sendPartial('r2', 1n, 1);
  await expect.poll(() => events).toHaveLength(7);
  expect(events.slice(-2)).toEqual(['r2 applies 1,1', 'r2 applies 1,1']);
});
