/** Coordinators that are not where, or not who, a trainer takes them for. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { describe, train } from '../harness/followed-run.ts';
import { configurationOf } from '../harness/run-configuration.ts';
import { LongRun } from './long-run.ts';

test('a coordinator whose name nobody knows is named, with the time spent on it', async () => {
  const cluster = await ClusterProcesses.open();
  const nowhere = { address: 'no-such-host.invalid:7070' };
  const trainer = cluster.startTrainer('trainer-1', nowhere, '--reconnect-timeout', '1s');
  expect((await trainer.untilExit()).code).toBe(124);
  expect(trainer.output).toMatch(/ERROR.*no-such-host\.invalid:7070/);
});

test('a trainer whose coordinator does not come back gives up by name when its patience ends', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const trainer = cluster.startTrainer('trainer-1', coordinator, '--reconnect-timeout', '1s');
  await trainer.untilOutput(/ attached coordinator=/);
  await coordinator.process.end();
  expect((await trainer.untilExit()).code).not.toBe(0);
  expect(trainer.output).toMatch(new RegExp(`ERROR.*${coordinator.address}`));
});

test('a coordinator that comes back with another state directory knows nothing of the run, says so, and its trainers serve the next one', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const trainer = cluster.startTrainer('trainer-1', first);
  const run = await LongRun.begin(first, 1);
  await first.process.end();
  const other = ['--listen', first.address, '--state-dir', join(cluster.directory, 'other')];
  const second = await cluster.startCoordinator(...other);
  await second.process.untilOutput(/trainer attached trainer=trainer-1/);
  await expect(describe(second, run.runId)).rejects.toMatchObject({
    code: 'not-found',
    message: `run ${run.runId} does not exist; there are no runs`,
  });
  const { run: next } = await train(second, await configurationOf({ model: 'initial-nn', epochs: 1 }));
  expect(next.epochs).toHaveLength(1);
  expect(trainer.output.match(/ attached coordinator=/g)).toHaveLength(2);
});
