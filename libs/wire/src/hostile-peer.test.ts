import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { WeftError } from '@weft/core';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { fromStatus } from './error-table.ts';
import { ClusterService } from './gen/weft/v1/cluster_pb.ts';
import { openClient } from './grpc-client.ts';
import { startGrpcServer, type RunningGrpcServer } from './grpc-server.ts';
import { bindService } from './grpc-service.ts';
import { methodPath } from './service-definition.ts';

const path = methodPath(ClusterService.method.attach);
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Echo {
  readonly server: RunningGrpcServer;
  readonly ends: (WeftError | undefined)[];
  readonly opened: () => number;
}

/** A server that sends every message's payload back and notes how each stream ended. */
async function startEcho(): Promise<Echo> {
  const ends: (WeftError | undefined)[] = [];
  let opened = 0;
  const service = bindService(
    ClusterService,
    {
      attach: (stream) => {
        opened++;
        stream.onMessage(({ payload }) => stream.send({ payload }));
        stream.onEnd((error) => ends.push(error));
      },
      heartbeat: () => Promise.resolve({}),
    },
    (thrown) => {
      throw thrown;
    },
  );
  const server = await startGrpcServer({ listen: '127.0.0.1:0', services: [service] });
  cleanups.push(() => server.stop(0));
  return { server, ends, opened: () => opened };
}

async function expectEcho(server: RunningGrpcServer): Promise<void> {
  const client = openClient(ClusterService, { address: server.address });
  cleanups.push(client.close);
  const stream = client.attach();
  const answer = new Promise<number | undefined>((resolve) => {
    stream.onMessage(({ payload }) => {
      resolve(payload[0]);
    });
  });
  stream.send({ payload: Uint8Array.of(7) });
  expect(await answer).toBe(7);
  stream.end();
}

test('bytes that are no message end that stream as corrupt on both sides, and others go on', async () => {
  const { server, ends } = await startEcho();
  const raw = new Client(server.address, credentials.createInsecure());
  cleanups.push(() => {
    raw.close();
  });
  const asIs = (bytes: Buffer): Buffer => bytes;
  const call = raw.makeBidiStreamRequest(path, asIs, asIs, new Metadata(), {});
  const error = new Promise<ServiceError>((resolve) => call.on('error', resolve));
  call.resume();
  call.write(Buffer.from([0x0a, 0xff, 0xff, 0xff]));
  expect(fromStatus(await error, 'Attach')).toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('a message of 4 bytes is no weft.v1.AttachRequest') as string,
  });
  await expect.poll(() => ends.map((end) => end?.code), { timeout: 10_000 }).toEqual(['corrupt']);
  await expectEcho(server);
});

test.each(['close', 'reset'] as const)(
  'a peer that dies in the middle of a message (%s) has not ended in order',
  async (how) => {
    const { server, ends, opened } = await startEcho();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    const session = connectHttp2(`http://${server.address}`, { createConnection: () => socket });
    session.on('error', () => undefined);
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request(headers);
    stream.on('error', () => undefined);
    // A message of 1000 bytes is announced; three of them come.
    stream.write(Buffer.from([0, 0, 0, 0x03, 0xe8, 1, 2, 3]));
    await expect.poll(opened, { timeout: 10_000 }).toBe(1);
    if (how === 'close') socket.destroy();
    else socket.resetAndDestroy();
    await expect.poll(() => ends.map((end) => end?.code), { timeout: 10_000 }).toEqual(['cancelled']);
    await expectEcho(server);
  },
);

test('a peer that speaks no HTTP/2 is cut off, and the server serves on', async () => {
  const { server, opened } = await startEcho();
  const socket = connect(server.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.resume();
  socket.write('GET /metrics HTTP/1.1\r\nhost: weft\r\n\r\n');
  await closed;
  expect(opened()).toBe(0);
  await expectEcho(server);
});
