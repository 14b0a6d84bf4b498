import { WeftError } from '@weft/core';
import { createLogger } from '@weft/telemetry';
import { ClusterService, inMemoryStreams, protocolVersion } from '@weft/wire';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';

const settings = { heartbeatIntervalMs: 100, heartbeatTimeoutMs: 1000, coordinatorVersion: '0' };

function clusterOf(nowMs: () => number, changed: (attached: boolean) => void = () => undefined): Cluster {
  const log = createLogger({ component: 'test', level: 'error', format: 'json', stream: new PassThrough() });
  return new Cluster(settings, log, nowMs, (_, change) => {
    changed(change === 'attached');
  });
}

/** A trainer that says hello: what it hears of the coordinator, in order, ending with the reason of the end. */
function attach(
  cluster: Cluster,
  trainerId: string,
  version: number = protocolVersion,
  instanceId = `instance of ${trainerId}, ${String(Math.random())}`,
): string[] {
  const { client, server } = inMemoryStreams(ClusterService.method.attach);
  const heard: string[] = [];
  cluster.attach(server);
  client.onMessage(({ body }) => heard.push(String(body.case)));
  client.onEnd((error) => heard.push(error?.message ?? 'ended'));
  const value = { trainerId, protocolVersion: version, engineFingerprint: 'e', processId: 7, instanceId };
  client.send({ body: { case: 'hello', value } });
  return heard;
}

test.each([
  ['a malformed id', 'Trainer 1', protocolVersion, /trainer id "Trainer 1" must be 1 to 64 characters/],
  ['another version of the protocol', 'b', 99, /trainer b speaks protocol version 99, the coordinator \d+/],
  ['an id that is taken', 'a', protocolVersion, /a trainer with id a is attached \(process 7\)/],
])('%s is refused, and who was attached stays', async (_, id, version, reason) => {
  const cluster = clusterOf(() => 0);
  const welcomed = attach(cluster, 'a');
  await expect.poll(() => welcomed).toEqual(['welcome']);
  const refused = attach(cluster, id, version);
  await expect.poll(() => refused).toEqual([expect.stringMatching(reason)]);
  expect(cluster.members.map(({ link }) => link.id)).toEqual(['a']);
});

test('a trainer that is silent for longer than the limit is dropped and told why', async () => {
  let now = 0;
  const cluster = clusterOf(() => now);
  const quiet = attach(cluster, 'quiet', protocolVersion, 'instance of quiet');
  const alive = attach(cluster, 'alive', protocolVersion, 'instance of alive');
  await expect.poll(() => [...quiet, ...alive]).toEqual(['welcome', 'welcome']);
  // The sweep runs all the time; the other process says that it is `quiet`, and is not believed.
  for (now = 100; now <= 1000; now += 100) {
    cluster.heartbeat('alive', 'instance of alive');
    cluster.heartbeat('quiet', 'another instance');
    cluster.dropSilent();
  }
  expect(cluster.members).toHaveLength(2);
  now = 1001;
  cluster.dropSilent();
  expect(cluster.members.map(({ link }) => link.id)).toEqual(['alive']);
  await expect.poll(() => quiet).toEqual(['welcome', expect.stringContaining('no heartbeat for 1001 ms')]);
});

test('nobody is dropped for what the coordinator slept through', async () => {
  let now = 0;
  const cluster = clusterOf(() => now);
  const heard = attach(cluster, 'a');
  await expect.poll(() => heard).toEqual(['welcome']);
  now = 60_000;
  cluster.dropSilent();
  expect(cluster.members).toHaveLength(1);
});

test('a process that comes back before its loss was noticed takes its own place', async () => {
  const cluster = clusterOf(() => 0);
  const before = attach(cluster, 'a', protocolVersion, 'same');
  await expect.poll(() => before).toEqual(['welcome']);
  const after = attach(cluster, 'a', protocolVersion, 'same');
  await expect.poll(() => after).toEqual(['welcome']);
  expect(cluster.members).toHaveLength(1);
});

test('a trainer for which nothing can be started, because a disk is full, say, is told and leaves no trace', async () => {
  const cluster = clusterOf(
    () => 0,
    (attached) => {
      if (attached) throw new WeftError('resource-exhausted', 'the disk is full');
    },
  );
  const heard = attach(cluster, 'a');
  await expect.poll(() => heard.at(-1)).toContain('the disk is full');
  await expect.poll(() => cluster.members).toEqual([]);
});
