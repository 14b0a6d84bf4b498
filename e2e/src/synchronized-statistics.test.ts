/** Batch normalization with the statistics of the whole step: many exchanges a step, and still the same bytes. */
import { create, RunConfigurationSchema, type RunConfiguration } from '@weft/wire';
import { expect, test } from 'vitest';
import { momentChooser } from './harness/chosen-moment.ts';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import { subject } from './schedules/subject.ts';

async function normalized(epochs: number, batchNormalization: 'sync' | 'ghost'): Promise<RunConfiguration> {
  const configuration = create(RunConfigurationSchema, { ...(await subject('small-bn', undefined)), epochs });
  if (configuration.model !== undefined) configuration.model.batchNormalization = batchNormalization;
  return configuration;
}

const synchronized = (epochs: number): Promise<RunConfiguration> => normalized(epochs, 'sync');

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
  const ghost = await train(coordinator, await normalized(2, 'ghost'));
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
