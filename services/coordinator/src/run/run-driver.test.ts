import { trainerId, type RunId } from '@weft/core';
import { openSqliteRunStore } from '@weft/store';
import { ClusterService, inMemoryStreams, protocolVersion, RunState } from '@weft/wire';
import { expect, test } from 'vitest';
import { fewSteps, layoutSize, QueueInMemory, type TrainerInMemory } from './queue-in-memory.fixture.ts';

/** A trainer comes, trains the first epoch of `run` alone, and sends the replica for the checkpoint. */
async function trainEpoch(world: QueueInMemory, run: RunId, name: string): Promise<TrainerInMemory> {
  const trainer = trainerId(name);
  const attached = world.attach(name);
  await expect.poll(() => world.queue.driverOf(run)?.hasMember(trainer)).toBe(true);
  const driver = world.queue.driverOf(run);
  const steps = [0, 1].map((position) => ({ position, loss: 0, correct: 0, gradientDigest: '00' }));
  const generation = Number(world.queue.describe(run).generation);
  driver?.post({ kind: 'standing', trainer, generation, position: steps.length, steps });
  const chunks = [{ index: 0, loss: 0, correct: 0 }];
  const at = { position: steps.length, split: 'validation', weightsDigest: 'w' } as const;
  driver?.post({ kind: 'evaluation', trainer, ...at, chunks });
  const value = { $typeName: 'weft.v1.Snapshot' as const, runId: run, position: 2n, weightsDigest: 'w' };
  driver?.takeTransfer(trainer, { transfer: 1n, about: { case: 'snapshot', value }, bytes: new Uint8Array(100) });
  return attached;
}

test('an epoch done again after a roll-back is over with its own checkpoint, not with that of before', async () => {
  const writes: PromiseWithResolvers<string>[] = [];
  const world = new QueueInMemory(openSqliteRunStore(':memory:'), {
    read: () => Promise.resolve(new Uint8Array()),
    write: () => {
      const write = Promise.withResolvers<string>();
      writes.push(write);
      return write.promise;
    },
  });
  const run = world.submit('r', { configuration: fewSteps({ epochs: 2 }) });
  const first = await trainEpoch(world, run, 'a');
  expect(writes).toHaveLength(1);
  first.stream.end();
  await expect.poll(() => world.cluster.members).toEqual([]);
  await trainEpoch(world, run, 'b');
  expect(writes).toHaveLength(2);
  writes[0]?.resolve('of before');
  await new Promise(setImmediate);
  expect(world.store.epochs(run)).toEqual([]);
  writes[1]?.resolve('its own');
  await expect.poll(() => world.store.epochs(run)).toMatchObject([{ epoch: 1, weightsDigest: 'w' }]);
  expect(world.queue.describe(run).state).toBe(RunState.RUNNING);
});

/** Gives one of two chunks of the step in hand. */
function giveChunk(world: QueueInMemory, run: RunId, name: string, index: number): void {
  const driver = world.queue.driverOf(run);
  if (driver === undefined) return;
  const { position, generation } = world.queue.describe(run);
  const label = { runId: run, generation, position, level: 0, index, lossSum: 1, correctCount: 1n };
  const about = { case: 'partial', value: { $typeName: 'weft.v1.Partial', ...label } } as const;
  const bytes = driver.begin(about, layoutSize * 4);
  if (!(bytes instanceof Uint8Array)) return;
  driver.takeTransfer(trainerId(name), { transfer: 1n, about, bytes: bytes.fill(0) });
}

test.each(['reads on', 'goes away'])(
  'no step is committed while a trainer without chunks reads nothing, until it %s',
  async (then) => {
    const world = new QueueInMemory();
    const configuration = fewSteps({ trainExamples: 400, chunkSize: 2 });
    const run = world.submit('r', { configuration, startTrainers: 3, transport: 'star' });
    const position = (): number => Number(world.queue.describe(run).position);
    const giveStep = (): void => {
      giveChunk(world, run, 'b', 0);
      giveChunk(world, run, 'c', 1);
    };
    const { client, server } = inMemoryStreams(ClusterService.method.attach);
    world.cluster.attach(server);
    const hello = { trainerId: 'a', protocolVersion, engineFingerprint: 'e', processId: 1 };
    client.send({ body: { case: 'hello', value: hello } });
    for (const name of ['b', 'c']) world.attach(name);
    await expect.poll(() => world.work).toEqual({ a: 'r', b: 'r', c: 'r' });
    client.send({
      body: { case: 'ready', value: { runId: run, layoutSize: BigInt(layoutSize), snapshotBytes: 100n } },
    });
    await expect.poll(() => world.queue.describe(run).worldSize).toBe(3);
    let stoodAt = -1;
    while (position() > stoodAt) {
      stoodAt = position();
      giveStep();
      await new Promise(setImmediate);
    }
    // As many as its stream and the coordinator hold.
    expect(stoodAt).toBeLessThan(20);
    const updates: bigint[] = [];
    if (then === 'goes away') client.end();
    else {
      client.onMessage(({ body }) => {
        if (body.case === 'frame' && body.value.about.case === 'update') updates.push(body.value.about.value.position);
      });
    }
    await expect.poll(position).toBe(stoodAt + 1);
    if (then === 'goes away') return;
    for (let step = stoodAt + 1; step < 50; step++) {
      await expect.poll(position).toBe(step);
      giveStep();
    }
    await expect.poll(() => updates).toEqual(Array.from({ length: 50 }, (_, step) => BigInt(step)));
  },
);
