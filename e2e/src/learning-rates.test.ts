/** A learning rate that follows the steps: it depends on the position alone, so kills, joins and restarts change no byte. */
import type { MessageInitShape, ScheduleSchema } from '@weft/wire';
import { expect, test } from 'vitest';
import { momentChooser } from './harness/chosen-moment.ts';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

const schedule = { decay: 'cosine', warmupEpochs: 1.5, floor: 0.01 } satisfies MessageInitShape<typeof ScheduleSchema>;

async function scheduled(epochs: number, optimizer = 'adam') {
  return { ...(await configurationOf({ model: 'initial-nn', epochs, optimizer })), schedule };
}

test('warm-up and cosine give the same bytes on 1 and 2 trainers, and others than a constant rate', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await scheduled(3);
  cluster.startTrainer('trainer-1', coordinator);
  const alone = await train(coordinator, configuration, 1);
  const constant = await train(coordinator, { ...configuration, schedule: {} }, 1);
  cluster.startTrainer('trainer-2', coordinator);
  const together = await train(coordinator, configuration, 2);
  expect(together.epochDigests).toEqual(alone.epochDigests);
  expect(constant.epochDigests).not.toContain(alone.weightsDigest);
});

test('a trainer killed, one that joins and a coordinator started again within the schedule change no byte', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const configuration = await scheduled(8);
  const victim = cluster.startTrainer('trainer-1', first);
  cluster.startTrainer('trainer-2', first);
  const { weightsDigest } = await train(first, configuration, 2);

  const runId = await submit(first, configuration, 2);
  const { totalSteps } = await untilRun(first, runId, (run) => run.worldSize === 2);
  const choose = momentChooser('within a schedule');
  const lost = choose('trainer lost', 1, Math.floor(Number(totalSteps) / 4));
  const stopped = choose('coordinator lost', lost + 1, Math.floor(Number(totalSteps) / 2));
  await untilRun(first, runId, (run) => Number(run.position) >= lost);
  victim.signal('SIGKILL');
  cluster.startTrainer('trainer-3', first);
  await untilRun(first, runId, (run) => Number(run.position) >= stopped);
  await first.process.end();
  const second = await cluster.startCoordinator('--listen', first.address);
  expect((await untilFinished(second, runId)).weightsDigest).toBe(weightsDigest);
});
