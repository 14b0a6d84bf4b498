/** Shows that equal digests are no matter of course: sums in the order of arrival differ, and the tests above would see it. */
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { train } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

test('partials added in the order of arrival give other bytes from run to run', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--reduction', 'arrival');
  for (const id of ['trainer-1', 'trainer-2', 'trainer-3']) cluster.startTrainer(id, coordinator);
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 3 });
  const digests = new Set<string>();
  for (let runs = 0; runs < 8 && digests.size < 2; runs++) {
    digests.add((await train(coordinator, configuration, 3)).weightsDigest);
  }
  expect(digests.size).toBe(2);
});
