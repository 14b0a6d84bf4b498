/** Calendars that jump: nothing that is decided looks at them. */
import { expect, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { train } from '../harness/followed-run.ts';
import { configurationOf } from '../harness/run-configuration.ts';

const jumping = new URL('./jumping-clock.fixture.ts', import.meta.url).href;

test('calendars that jump by a day on every process lose no trainer and change no byte', async () => {
  const cluster = await ClusterProcesses.open();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 6 });
  const sound = await cluster.startCoordinator();
  cluster.startTrainer('sound', sound);
  const { weightsDigest } = await train(sound, configuration);

  cluster.preloads = [jumping];
  const coordinator = await cluster.startCoordinator('--state-dir', `${cluster.directory}/other`);
  for (const id of ['trainer-1', 'trainer-2']) cluster.startTrainer(id, coordinator);
  const jumped = await train(coordinator, configuration, 2);
  expect(jumped.weightsDigest).toBe(weightsDigest);
  expect(coordinator.process.output).not.toMatch(/ lost/);
  // The calendar did jump: lines of the log are not in its order.
  const stamps = [...coordinator.process.output.matchAll(/^(\d\d:\d\d:\d\d\.\d{3}) /gm)].map(([, stamp]) => stamp);
  expect(stamps).not.toEqual(stamps.toSorted());
});
