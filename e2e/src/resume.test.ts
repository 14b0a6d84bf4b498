/** A lost coordinator: nothing that was recorded is lost, and the result is the same. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunState } from '@weft/wire';
import { momentChooser } from './harness/chosen-moment.ts';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { describe, submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

test('a coordinator killed by SIGKILL at a random moment goes on where it was when started again', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 8 });
  for (const id of ['trainer-1', 'trainer-2']) cluster.startTrainer(id, first);
  const { weightsDigest, epochDigests } = await train(first, configuration, 2);

  const runId = await submit(first, configuration, 2);
  const { totalSteps } = await untilRun(first, runId, (run) => run.worldSize === 2);
  const position = momentChooser('coordinator killed')('position', 1, Math.floor(Number(totalSteps) / 2));
  await untilRun(first, runId, (run) => Number(run.position) >= position);
  await first.process.end();

  const second = await cluster.startCoordinator('--listen', first.address);
  const { run, ...again } = await untilFinished(second, runId);
  expect(again.weightsDigest).toBe(weightsDigest);
  expect(again.epochDigests).toEqual(epochDigests);
  expect(run.epochs.map(({ epoch }) => epoch)).toEqual(configurationEpochs(configuration.epochs));
  const files = await readdir(join(cluster.stateDirectory, 'runs', runId, 'checkpoints'));
  expect(files.filter((name) => !/^step-\d{9}\.safetensors$/.test(name))).toEqual([]);
});

test('told not to continue runs, a coordinator leaves them interrupted, and a resumed one gives the same bytes', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 10 });
  cluster.startTrainer('trainer-1', first);
  const { weightsDigest, epochDigests } = await train(first, configuration);

  const runId = await submit(first, configuration);
  await untilRun(first, runId, ({ epochs }) => epochs.length >= 2);
  first.process.signal('SIGTERM');
  expect(await first.process.untilExit()).toEqual({ code: 0, signal: null });

  const second = await cluster.startCoordinator('--listen', first.address, '--no-continue-runs');
  const interrupted = await describe(second, runId);
  expect(interrupted).toMatchObject({
    state: RunState.CANCELLED,
    reason: expect.stringMatching(/interrupted/) as string,
  });
  expect(interrupted.epochs.length).toBeGreaterThanOrEqual(2);
  expect(interrupted.epochs.length).toBeLessThan(10);
  await second.runs.resumeRun({ runId, minTrainers: 1 });
  const again = await untilFinished(second, runId);
  expect(again.weightsDigest).toBe(weightsDigest);
  expect(again.epochDigests).toEqual(epochDigests);
});

function configurationEpochs(count = 0): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
