import type { WeftError } from '@weft/core';
import { createLogger } from '@weft/telemetry';
import {
  ClusterService,
  FrameAssembler,
  inMemoryStreams,
  protocolVersion,
  splitTransfer,
  type AttachRequest,
  type AttachResponseSchema,
  type CompletedTransfer,
  type MessageInitShape,
  type TransferSubject,
} from '@weft/wire';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ComputeCommand, ComputeReport } from '../compute/commands.ts';
import { Session } from './session.ts';
import type { Measurement } from './thread-messages.ts';

type ResponseBody = NonNullable<MessageInitShape<typeof AttachResponseSchema>['body']>;

type ReadyFacts = Omit<ComputeReport & { kind: 'ready' }, 'kind' | 'runId'>;

const layoutSize = 3;
const log = createLogger({ level: 'error', format: 'json', component: 'test', stream: { write: () => undefined } });
const configuration = { batchSize: 8, chunkSize: 2, epochs: 1, seed: 9n, model: { loss: 'l', topologyJson: '{}' } };

/** A session that is served, with everything that it does noted; the test is the coordinator. */
function startSession() {
  const { client, server } = inMemoryStreams(ClusterService.method.attach);
  const commands: ComputeCommand[] = [];
  const measurements: Measurement[] = [];
  const intervals: number[] = [];
  const received: AttachRequest['body'][] = [];
  const transfers: CompletedTransfer[] = [];
  const ends: (WeftError | undefined)[] = [];
  const expected: (string | undefined)[] = [];
  const begin = (_: TransferSubject, bytes: number): Uint8Array => new Uint8Array(bytes);
  const assembler = new FrameAssembler({ maxTransferBytes: 1000, maxOpenTransfers: 1, begin });
  server.onMessage(({ body, payload }) => {
    received.push(body);
    const transfer = body.case === 'frame' ? assembler.accept(body.value, payload) : undefined;
    if (transfer !== undefined) transfers.push(transfer);
  });
  server.onEnd((error) => ends.push(error));
  const session = new Session(client, {
    trainerId: 't-1',
    instanceId: 'i-1',
    processId: 1,
    httpAddress: '127.0.0.1:7072',
    engineFingerprint: 'engine 1',
    peers: {
      address: 'p-1',
      opened: ({ runId }) => expected.push(runId),
      closed: () => expected.push(undefined),
    },
    command: (command) => {
      commands.push(command);
      if (command.kind === 'close') command.closed();
    },
    welcomed: (intervalMs) => intervals.push(intervalMs),
    measure: (measurement) => measurements.push(measurement),
    roundTripMs: () => 2.5,
    log,
  });
  const served = session.serve();
  const say = (body: ResponseBody): void => void server.send({ body });
  const sendTransfer = (about: TransferSubject, bytes: Uint8Array): void => {
    for (const { frame, payload } of splitTransfer(1n, about, bytes)) {
      server.send({ body: { case: 'frame', value: frame }, payload });
    }
  };
  return {
    session,
    served,
    server,
    say,
    sendTransfer,
    commands,
    measurements,
    intervals,
    received,
    transfers,
    ends,
    expected,
  };
}

function update(runId: string): TransferSubject {
  return {
    case: 'update',
    value: { $typeName: 'weft.v1.Update', runId, generation: 2n, position: 4n, hold: true },
  };
}

async function openRun(started: ReturnType<typeof startSession>): Promise<ReadyFacts> {
  started.say({ case: 'openRun', value: { runId: 'r', configuration } });
  await expect.poll(() => started.commands.map(({ kind }) => kind)).toEqual(['open']);
  const facts: ReadyFacts = {
    position: 4,
    layoutSize,
    snapshotBytes: 50,
    weightsDigest: 'aa',
    dataSetIdentity: 'd',
    roundSizes: [],
    variables: [],
  };
  started.session.report({ kind: 'ready', runId: 'r', ...facts });
  return facts;
}

test('a session says who it is, and tells when it is welcome how often to give a sign of life', async () => {
  const { session, say, received, intervals, measurements } = startSession();
  await expect.poll(() => received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    case: 'hello',
    value: {
      trainerId: 't-1',
      instanceId: 'i-1',
      protocolVersion,
      engineFingerprint: 'engine 1',
      httpAddress: '127.0.0.1:7072',
    },
  });
  expect(session.welcomed).toBe(false);
  say({ case: 'welcome', value: { heartbeatIntervalMs: 600 } });
  await expect.poll(() => intervals).toEqual([600]);
  expect(session.welcomed).toBe(true);
  expect(measurements).toEqual([{ kind: 'attached', attached: true }]);
});

test('a run is opened with its plan, and what the loop has loaded is told', async () => {
  const started = startSession();
  await openRun(started);
  expect(started.commands[0]).toMatchObject({
    kind: 'open',
    run: { runId: 'r', seed: 9, loss: 'l', plan: { batch: { globalBatch: 8, chunkSize: 2 }, epochs: 1 } },
  });
  await expect
    .poll(() => started.received.at(-1))
    .toMatchObject({
      case: 'ready',
      value: { runId: 'r', position: 4n, layoutSize: 3n, snapshotBytes: 50n, weightsDigest: 'aa' },
    });
});

test('an update arrives as floats, with its position', async () => {
  const started = startSession();
  await openRun(started);
  started.sendTransfer(update('r'), new Uint8Array(Float32Array.of(1, -2, 0.5).buffer));
  await expect.poll(() => started.commands).toHaveLength(2);
  expect(started.commands[1]).toEqual({ kind: 'update', position: 4, hold: true, mean: Float32Array.of(1, -2, 0.5) });
});

test('an update of another run is read to its end and dropped', async () => {
  const started = startSession();
  await openRun(started);
  started.sendTransfer(update('another'), new Uint8Array(400));
  started.say({ case: 'hold', value: { runId: 'r' } });
  await expect.poll(() => started.commands.map(({ kind }) => kind)).toEqual(['open', 'hold']);
});

test('an update that began before its run was closed is dropped when it completes', async () => {
  const started = startSession();
  await openRun(started);
  const bytes = new Uint8Array(12);
  const frame = (offset: number, about: TransferSubject | { case: undefined }): ResponseBody => ({
    case: 'frame',
    value: { transfer: 1n, offset: BigInt(offset), totalBytes: 12n, crc32: crc32(bytes.subarray(0, 6)), about },
  });
  started.server.send({ body: frame(0, update('r')), payload: bytes.subarray(0, 6) });
  started.say({ case: 'closeRun', value: { runId: 'r', reason: 'pruned' } });
  started.say({ case: 'openRun', value: { runId: 'next', configuration } });
  started.server.send({ body: frame(6, { case: undefined }), payload: bytes.subarray(6) });
  started.say({ case: 'hold', value: { runId: 'next' } });
  await expect.poll(() => started.commands.map(({ kind }) => kind)).toEqual(['open', 'close', 'open', 'hold']);
});

test.each<ResponseBody>([
  { case: 'regroup', value: { runId: 'earlier', generation: 1n } },
  { case: 'settle', value: { runId: 'earlier', generation: 1n } },
  { case: 'hold', value: { runId: 'earlier' } },
  { case: 'evaluate', value: { runId: 'earlier' } },
  { case: 'sendReplica', value: { runId: 'earlier' } },
  { case: 'closeRun', value: { runId: 'earlier' } },
])('$case for a run that is not in hand is no command', async (body) => {
  const started = startSession();
  await openRun(started);
  started.say(body);
  started.say({ case: 'sendReplica', value: { runId: 'r', position: 4n } });
  await expect.poll(() => started.commands.slice(1)).toEqual([{ kind: 'send-snapshot', position: 4 }]);
});

test('others may send for a run from when it is loaded until it is closed', async () => {
  const started = startSession();
  const facts = await openRun(started);
  expect(started.expected).toEqual([undefined, 'r']);
  started.say({ case: 'closeRun', value: { runId: 'r', reason: 'pruned' } });
  started.say({ case: 'openRun', value: { runId: 'next', configuration } });
  await expect.poll(() => started.expected).toEqual([undefined, 'r', undefined, undefined]);
  started.session.report({ kind: 'ready', runId: 'r', ...facts });
  started.session.report({ kind: 'ready', runId: 'next', ...facts });
  started.server.end();
  await started.served;
  expect(started.expected.slice(4)).toEqual(['next', undefined]);
});

test('another trainer is said to be lost to the gang that had a link to it, and for the run in hand only', async () => {
  const started = startSession();
  await openRun(started);
  started.say({ case: 'regroup', value: { runId: 'r', generation: 8n } });
  await expect.poll(() => started.commands).toHaveLength(2);
  started.session.peerLost({ runId: 'earlier', generation: 7, members: [] }, 't-2', 'reset');
  started.session.peerLost({ runId: 'r', generation: 7, members: [] }, 't-2', 'reset');
  const lost = (): unknown[] => started.received.flatMap((body) => (body.case === 'peerLost' ? [body.value] : []));
  await expect.poll(lost).toMatchObject([{ runId: 'r', generation: 7n, trainerId: 't-2', reason: 'reset' }]);
});

test('an update of the wrong length ends the session with both lengths', async () => {
  const started = startSession();
  await openRun(started);
  started.sendTransfer(update('r'), new Uint8Array(16));
  expect(await started.served).toMatchObject({
    code: 'invalid-argument',
    message: 'an update of 16 bytes came; it must have 12',
  });
  await expect.poll(() => started.ends.map((end) => end?.code)).toEqual(['cancelled']);
});

test('a partial travels bit for bit, with the node that it is of', async () => {
  const started = startSession();
  await openRun(started);
  started.session.report({
    kind: 'partial',
    ...{ runId: 'r', generation: 2, position: 4, node: { level: 1, index: 3 } },
    ...{ loss: 0.25, correct: 7, examples: 8, chunks: 1, dataSeconds: 0, computeSeconds: 0.1 },
    contribution: Float32Array.of(3, 0.1, -1e-30),
  });
  await expect.poll(() => started.transfers).toHaveLength(1);
  const [transfer] = started.transfers;
  expect(transfer?.about).toMatchObject({
    case: 'partial',
    value: { generation: 2n, position: 4n, level: 1, index: 3, lossSum: 0.25, correctCount: 7n },
  });
  expect(new Float32Array(transfer?.bytes?.buffer as ArrayBuffer)).toEqual(Float32Array.of(3, 0.1, -1e-30));
});

test('leaving is said once the loop has done what it had in hand, and the coordinator ends the stream', async () => {
  const started = startSession();
  started.say({ case: 'welcome', value: { heartbeatIntervalMs: 1000 } });
  await openRun(started);
  started.session.leave('it was told to stop');
  expect(started.commands.at(-1)).toEqual({ kind: 'leave', reason: 'it was told to stop' });
  started.session.report({ kind: 'leaving', reason: 'it was told to stop' });
  await expect
    .poll(() => started.received.at(-1))
    .toMatchObject({ case: 'leave', value: { reason: 'it was told to stop' } });
  started.server.end();
  expect(await started.served).toBeUndefined();
});
