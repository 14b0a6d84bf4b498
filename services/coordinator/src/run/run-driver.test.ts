import { trainerId, type RunId } from '@weft/core';
import { openSqliteRunStore } from '@weft/store';
import { RunState } from '@weft/wire';
import { expect, test } from 'vitest';
import { fewSteps, QueueInMemory, type TrainerInMemory } from './queue-in-memory.fixture.ts';

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
