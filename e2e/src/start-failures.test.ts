/** Processes that cannot start: each ends with an exit code of its own and one line that names the thing and the remedy. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';

test('a taken gRPC port, HTTP port or state directory is named by a second coordinator, and the first goes on', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const elsewhere = ['--state-dir', join(cluster.directory, 'other')];
  const grpc = cluster.startCoordinatorProcess(...elsewhere, '--listen', first.address);
  expect(await grpc.untilExit()).toEqual({ code: 4, signal: null });
  expect(grpc.output).toContain(`cannot listen on ${first.address}: another process listens there`);

  const http = cluster.startCoordinatorProcess(...elsewhere, '--http-listen', first.httpAddress);
  expect(await http.untilExit()).toEqual({ code: 4, signal: null });
  expect(http.output).toContain(`cannot serve HTTP on ${first.httpAddress}: another process listens there`);

  const state = cluster.startCoordinatorProcess();
  expect(await state.untilExit()).toEqual({ code: 4, signal: null });
  expect(state.output).toMatch(/cannot open the store .*weft\.sqlite: another coordinator uses it; .*--state-dir/);
  expect(state.output).toContain(cluster.stateDirectory);

  expect((await first.runs.listRuns({})).runs).toEqual([]);
});

test('a trainer names a taken HTTP port, and the coordinator that it cannot reach', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const http = cluster.startTrainer('trainer-1', coordinator, '--http-listen', coordinator.httpAddress);
  expect(await http.untilExit()).toEqual({ code: 4, signal: null });
  expect(http.output).toContain(`cannot serve HTTP on ${coordinator.httpAddress}: another process listens there`);

  await coordinator.process.end();
  const lonely = cluster.startTrainer('trainer-2', coordinator, '--reconnect-timeout', '1s');
  expect((await lonely.untilExit()).code).not.toBe(0);
  expect(lonely.output).toMatch(new RegExp(`ERROR.*${coordinator.address}`));
});

test('a state directory that cannot be written is named, with the remedy', async () => {
  const cluster = await ClusterProcesses.open();
  const file = join(cluster.directory, 'file');
  await writeFile(file, 'no directory');
  const coordinator = cluster.startCoordinatorProcess('--state-dir', join(file, 'state'));
  expect(await coordinator.untilExit()).toEqual({ code: 10, signal: null });
  expect(coordinator.output).toMatch(/cannot write to the state directory \S+\/file\/state: .*--state-dir/);
});

test('a store that is no database is named as corrupt, and left as it is', async () => {
  const cluster = await ClusterProcesses.open();
  await mkdir(cluster.stateDirectory);
  await writeFile(join(cluster.stateDirectory, 'weft.sqlite'), 'no database '.repeat(400));
  const coordinator = cluster.startCoordinatorProcess();
  expect(await coordinator.untilExit()).toEqual({ code: 7, signal: null });
  expect(coordinator.output).toMatch(/cannot open the store \S+weft\.sqlite: /);
});

test('every wrong option is listed at once', async () => {
  const cluster = await ClusterProcesses.open();
  const trainer = cluster.start('trainer', 'trainer', [
    '--enginge',
    'x',
    '--coordinator',
    'nowhere',
    '--trainer-id',
    'A B',
  ]);
  expect(await trainer.untilExit()).toEqual({ code: 2, signal: null });
  for (const problem of ['--engine', '--coordinator', '--trainer-id']) expect(trainer.output).toContain(problem);
});
