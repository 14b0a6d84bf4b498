import { create } from '@bufbuild/protobuf';
import { WeftError } from '@weft/core';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { maxMessageBytes } from './connection-options.ts';
import { ClusterService, type AttachRequest, type AttachResponseSchema } from './gen/weft/v1/cluster_pb.ts';
import { RunService, RunSchema, type WatchRunResponseSchema } from './gen/weft/v1/run_pb.ts';
import { openClient, type ServiceClient } from './grpc-client.ts';
import { startGrpcServer, type RunningGrpcServer } from './grpc-server.ts';
import { bindService, type CallContext, type ServiceHandlers } from './grpc-service.ts';
import type { MessageStream } from './message-stream.ts';
import type { MessageInit } from './service-definition.ts';

type ServerEnd = MessageStream<MessageInit<typeof AttachResponseSchema>, AttachRequest>;
type RunHandlers = ServiceHandlers<typeof RunService>;
type WatchEvents = AsyncGenerator<MessageInit<typeof WatchRunResponseSchema>>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const unused = (): never => {
  throw new WeftError('internal', 'not part of this test');
};
const noRuns: RunHandlers = {
  submitRun: unused,
  getRun: unused,
  listRuns: unused,
  watchRun: unused,
  auditRun: unused,
  cancelRun: unused,
  resumeRun: unused,
  getCluster: unused,
};

interface Pair {
  readonly server: RunningGrpcServer;
  readonly runs: ServiceClient<typeof RunService>;
  readonly cluster: ServiceClient<typeof ClusterService>;
  readonly bugs: unknown[];
}

async function startPair(handlers: Partial<RunHandlers>, attach: (stream: ServerEnd) => void = unused): Promise<Pair> {
  const bugs: unknown[] = [];
  const reportBug = (thrown: unknown): void => {
    bugs.push(thrown);
  };
  const services = [
    bindService(RunService, { ...noRuns, ...handlers }, reportBug),
    bindService(ClusterService, { attach, heartbeat: () => Promise.resolve({}) }, reportBug),
  ];
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services });
  cleanups.push(() => server.stop(100));
  const runs = openClient(RunService, { address: server.address });
  const cluster = openClient(ClusterService, { address: server.address });
  cleanups.push(runs.close, cluster.close);
  return { server, runs, cluster, bugs };
}

function endOf(stream: { onEnd(listener: (error?: WeftError) => void): void }): Promise<WeftError | undefined> {
  return new Promise((resolve) => {
    stream.onEnd(resolve);
  });
}

async function errorOf(promise: Promise<unknown>): Promise<WeftError> {
  const outcome = await promise.catch((thrown: unknown) => thrown);
  if (outcome instanceof WeftError) return outcome;
  throw new Error(`expected a WeftError, got ${String(outcome)}`);
}

test('a unary call gets its answer, or the error that the handler threw', async () => {
  const { runs, bugs } = await startPair({
    getRun: ({ runId }) => {
      if (runId === 'r1') return Promise.resolve({ run: { runId, position: 12n } });
      throw new WeftError('not-found', `no run "${runId}"; \`weft runs\` lists them`);
    },
  });
  expect((await runs.getRun({ runId: 'r1' })).run?.position).toBe(12n);
  const error = await errorOf(runs.getRun({ runId: 'r2' }));
  expect([error.code, error.message]).toEqual(['not-found', 'no run "r2"; `weft runs` lists them']);
  expect(bugs).toEqual([]);
});

test('what a handler throws by mistake is reported on the server and internal at the caller', async () => {
  const bug = new TypeError('x is undefined');
  const { runs, bugs } = await startPair({ listRuns: () => Promise.reject(bug) });
  expect((await errorOf(runs.listRuns({}))).code).toBe('internal');
  expect(bugs).toEqual([bug]);
});

test('a call is bounded by its deadline and by its signal, and the handler learns of both', async () => {
  const contexts = new Map<string, CallContext>();
  const { runs } = await startPair({
    getRun: ({ runId }, context) => {
      contexts.set(runId, context);
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => {
          reject(new WeftError('cancelled', 'caller gone'));
        });
      });
    },
  });
  expect((await errorOf(runs.getRun({ runId: 'slow' }, { timeoutMs: 30 }))).code).toBe('timeout');
  const abort = new AbortController();
  const call = errorOf(runs.getRun({ runId: 'unwanted' }, { signal: abort.signal }));
  await expect.poll(() => contexts.has('unwanted'), { timeout: 10_000 }).toBe(true);
  abort.abort();
  expect((await call).code).toBe('cancelled');
  await expect.poll(() => [...contexts.values()].every(({ signal }) => signal.aborted), { timeout: 10_000 }).toBe(true);
  expect((await errorOf(runs.getRun({}, { signal: abort.signal }))).code).toBe('cancelled');
});

test('a server stream is iterated in order and ends; leaving the loop stops the handler', async () => {
  const stopped: string[] = [];
  async function* watchRun({ runId }: { runId: string }): WatchEvents {
    try {
      for (let step = 0; runId === 'endless' || step < 100; step++) {
        yield { event: { case: 'progress', value: { step } } };
        await Promise.resolve();
      }
    } finally {
      stopped.push(runId);
    }
  }
  const { runs } = await startPair({ watchRun });
  const steps: (number | undefined)[] = [];
  for await (const { event } of runs.watchRun({ runId: 'short' })) {
    steps.push(event.case === 'progress' ? event.value.step : -1);
  }
  expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => i));
  for await (const message of runs.watchRun({ runId: 'endless' })) if (message.event.case === 'progress') break;
  await expect.poll(() => stopped, { timeout: 10_000 }).toEqual(['short', 'endless']);
});

test('a server stream hands over what was sent, then the error', async () => {
  async function* watchRun(): WatchEvents {
    yield { event: { case: 'run', value: create(RunSchema, { runId: 'r' }) } };
    await Promise.resolve();
    throw new WeftError('precondition-failed', 'the run is gone');
  }
  const { runs } = await startPair({ watchRun });
  const seen: unknown[] = [];
  const error = await errorOf(
    (async () => {
      for await (const { event } of runs.watchRun({})) seen.push(event.case);
    })(),
  );
  expect(seen).toEqual(['run']);
  expect([error.code, error.message]).toEqual(['precondition-failed', 'the run is gone']);
});

test('a two-way stream keeps order both ways, and ends on both sides when the client ends', async () => {
  const ends: Promise<WeftError | undefined>[] = [];
  const { cluster } = await startPair({}, (stream) => {
    ends.push(endOf(stream));
    stream.onMessage(({ payload }) => stream.send({ payload }));
  });
  const stream = cluster.attach();
  const received: number[] = [];
  stream.onMessage(({ payload }) => received.push(payload[0] ?? -1));
  const buffer = new Uint8Array(2000);
  for (let i = 0; i < 200; i++) stream.send({ payload: buffer.fill(i) });
  stream.end();
  expect(await endOf(stream)).toBeUndefined();
  expect(received).toEqual(Array.from({ length: 200 }, (_, i) => i));
  expect(await Promise.all(ends)).toEqual([undefined]);
});

test('a full stream says so, and says when it is drained', async () => {
  const serverEnds: ServerEnd[] = [];
  const { cluster } = await startPair({}, (stream) => serverEnds.push(stream));
  const stream = cluster.attach();
  const payload = new Uint8Array(200_000);
  let sent = 1;
  while (stream.send({ payload })) sent++;
  await expect.poll(() => serverEnds.length, { timeout: 10_000 }).toBe(1);
  let received = 0;
  serverEnds[0]?.onMessage(() => received++);
  await stream.drained();
  expect(stream.send({ payload })).toBe(true);
  await expect.poll(() => received, { timeout: 10_000 }).toBe(sent + 1);
});

test('the server ends a stream with a reason, after the messages it sent before', async () => {
  const { cluster } = await startPair({}, (stream) => {
    stream.send({ body: { case: 'closeRun', value: { reason: 'done' } } });
    stream.end(new WeftError('incompatible', 'fingerprint "a" differs from the run\'s "b"'));
    stream.send({ body: { case: 'hold', value: {} } });
  });
  const stream = cluster.attach();
  const received: unknown[] = [];
  stream.onMessage(({ body }) => received.push(body.case));
  const error = await endOf(stream);
  expect([error?.code, error?.message]).toEqual(['incompatible', 'fingerprint "a" differs from the run\'s "b"']);
  expect(received).toEqual(['closeRun']);
  await stream.drained();
});

test('a WeftError that a receiver throws ends the stream with it, and the peer is told', async () => {
  const { cluster } = await startPair({}, (stream) => {
    stream.onMessage(() => {
      throw new WeftError('corrupt', 'transfer 3: wrong CRC');
    });
  });
  const stream = cluster.attach();
  stream.send({});
  const error = await endOf(stream);
  expect([error?.code, error?.message]).toEqual(['corrupt', 'transfer 3: wrong CRC']);
});

test('cancelling a stream by signal ends both sides', async () => {
  const ends: Promise<WeftError | undefined>[] = [];
  const { cluster } = await startPair({}, (stream) => ends.push(endOf(stream)));
  const abort = new AbortController();
  const stream = cluster.attach({ signal: abort.signal });
  stream.send({});
  await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(1);
  abort.abort();
  expect((await endOf(stream))?.code).toBe('cancelled');
  expect((await ends[0])?.code).toBe('cancelled');
});

test('a message over the limit is refused by name of the limit, and the server serves on', async () => {
  const ends: Promise<WeftError | undefined>[] = [];
  const { server, cluster, runs } = await startPair({ listRuns: () => Promise.resolve({}) }, (stream) => {
    ends.push(endOf(stream));
    stream.onMessage(() => undefined);
  });
  const careless = openClient(ClusterService, {
    address: server.address,
    options: { 'grpc.max_send_message_length': 4 * maxMessageBytes },
  });
  cleanups.push(careless.close);
  for (const client of [cluster, careless]) {
    const stream = client.attach();
    stream.send({ payload: new Uint8Array(maxMessageBytes) });
    const error = await endOf(stream);
    expect(error?.code).toBe('too-large');
    expect(error?.message).toContain(String(maxMessageBytes));
  }
  expect(await runs.listRuns({})).toMatchObject({ runs: [] });
  for (const end of ends) expect((await end)?.code).toBe('cancelled');
});

test('a server that is not there is unavailable, and the address is named', async () => {
  const { server, runs, cluster } = await startPair({});
  await server.stop(0);
  const error = await errorOf(runs.listRuns({}));
  expect(error.code).toBe('unavailable');
  expect(error.message).toContain(server.address);
  expect((await endOf(cluster.attach()))?.code).toBe('unavailable');
  expect((await errorOf(runs.connected({ timeoutMs: 50 }))).code).toBe('timeout');
});

test('a taken port is a clear error that names the address and what to do', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  cleanups.push(() => squatter.close());
  const address = squatter.address();
  const listen = `127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`;
  const error = await errorOf(startGrpcServer({ listen, services: [] }));
  expect(error.code).toBe('already-exists');
  expect(error.message).toContain(`cannot listen on ${listen}: another process listens there`);
});

test('an address of another machine is unavailable', async () => {
  const error = await errorOf(startGrpcServer({ listen: '192.0.2.1:7070', services: [] }));
  expect(error.code).toBe('unavailable');
  expect(error.message).toContain('192.0.2.1:7070');
});

test('stopping waits for a call to finish, but no longer than the grace', async () => {
  let answer: (() => void) | undefined;
  const { server, runs } = await startPair({
    listRuns: () =>
      new Promise((resolve) => {
        answer = () => {
          resolve({});
        };
      }),
    getRun: () => new Promise(() => undefined),
  });
  const finished = runs.listRuns({});
  const stuck = errorOf(runs.getRun({}));
  await expect.poll(() => answer, { timeout: 10_000 }).toBeDefined();
  const stopped = server.stop(150);
  answer?.();
  expect(await finished).toMatchObject({ runs: [] });
  await stopped;
  expect(['unavailable', 'cancelled']).toContain((await stuck).code);
});
