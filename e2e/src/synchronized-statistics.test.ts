/** Batch normalization with the statistics of the whole step: many exchanges a step, and still the same bytes. */
import { expect, test } from 'vitest';
import { momentChooser } from './harness/chosen-moment.ts';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import type { ConfigurationInit } from './harness/run-configuration.ts';
import { subject } from './schedules/subject.ts';

async function synchronized(epochs: number): Promise<ConfigurationInit> {
  const configuration = await subject('small-bn', undefined);
  return { ...configuration, epochs, model: { ...configuration.model, batchNormalization: 'sync' } };
}

test('a run gives the same bytes on 1, 2 and 3 trainers, and others than with the statistics of each chunk', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await synchronized(2);
  const digests: string[] = [];
  for (const worldSize of [1, 2, 3]) {
    cluster.startTrainer(`trainer-${String(worldSize)}`, coordinator);
    const { run, weightsDigest, epochDigests } = await train(coordinator, configuration, worldSize);
    expect(run.epochs.map((epoch) => epoch.worldSize)).toEqual([worldSize, worldSize]);
    digests.push([...epochDigests, weightsDigest].join());
  }
  expect(new Set(digests).size).toBe(1);
  const ghost = await train(coordinator, {
    ...configuration,
    model: { ...configuration.model, batchNormalization: '' },
  });
  expect(digests[0]).not.toContain(ghost.weightsDigest);
});

test('trainers killed in the middle of a run, and one that joins, change no byte', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await synchronized(6);
  const trainers = [1, 2, 3].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const { weightsDigest } = await train(coordinator, configuration, 3);

  const runId = await submit(coordinator, configuration, 3);
  const { totalSteps } = await untilRun(coordinator, runId, (run) => run.worldSize === 3);
  const choose = momentChooser('trainers with rounds killed');
  const first = choose('first position', 1, Math.floor(Number(totalSteps) / 4));
  const second = choose('second position', first + 1, Math.floor(Number(totalSteps) / 2));
  await untilRun(coordinator, runId, (run) => Number(run.position) >= first);
  trainers[0]?.signal('SIGKILL');
  await coordinator.process.untilOutput(/trainer trainer-1 lost: /);
  cluster.startTrainer('trainer-4', coordinator);
  await untilRun(coordinator, runId, (run) => Number(run.position) >= second);
  trainers[1]?.signal('SIGKILL');
  await coordinator.process.untilOutput(/trainer trainer-2 lost: /);
  const ended = await untilFinished(coordinator, runId);
  expect(ended.weightsDigest).toBe(weightsDigest);
});
