import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { ClusterService } from './gen/weft/v1/cluster_pb.ts';
import { inMemoryStreams } from './in-memory-stream.ts';

function endOf(stream: { onEnd(listener: (error?: WeftError) => void): void }): Promise<WeftError | undefined> {
  return new Promise((resolve) => {
    stream.onEnd(resolve);
  });
}

test('messages arrive whole and in order, and an orderly end reaches both sides', async () => {
  const { client, server } = inMemoryStreams(ClusterService.method.attach);
  const atServer: number[] = [];
  const atClient: (string | undefined)[] = [];
  server.onMessage(({ payload }) => {
    atServer.push(payload[0] ?? -1);
    server.send({ body: { case: 'hold', value: { runId: 'r' } } });
  });
  client.onMessage(({ body }) => atClient.push(body.case));
  for (let i = 0; i < 50; i++) client.send({ payload: Uint8Array.of(i) });
  client.end();
  expect(await Promise.all([endOf(client), endOf(server)])).toEqual([undefined, undefined]);
  expect(atServer).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(atClient).toHaveLength(50);
});

test('a stream that nobody reads is full after some messages, and drained when they are read', async () => {
  const { client, server } = inMemoryStreams(ClusterService.method.attach);
  let sent = 1;
  while (client.send({ payload: Uint8Array.of(1) })) sent++;
  const drained = client.drained();
  let received = 0;
  server.onMessage(() => received++);
  await drained;
  await expect.poll(() => received).toBe(sent);
});

test('the reason of the server comes after its messages; a client that fails is a cancelled call', async () => {
  const refused = inMemoryStreams(ClusterService.method.attach);
  const seen: (string | undefined)[] = [];
  refused.client.onMessage(({ body }) => seen.push(body.case));
  refused.server.send({ body: { case: 'closeRun', value: {} } });
  refused.server.end(new WeftError('incompatible', 'another fingerprint'));
  expect((await endOf(refused.client))?.message).toBe('another fingerprint');
  expect(seen).toEqual(['closeRun']);

  const cut = inMemoryStreams(ClusterService.method.attach);
  cut.client.end(new WeftError('internal', 'no more'));
  expect((await endOf(cut.server))?.code).toBe('cancelled');
  expect((await endOf(cut.client))?.message).toBe('no more');
});
