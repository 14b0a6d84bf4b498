/** Trainers that must not take part: each is told why, and those at work go on. */
import { expect, test } from 'vitest';
import { protocolVersion } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { FakeTrainer } from './harness/fake-trainer.ts';
import { submit, train, untilFinished } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

test('a second trainer with one id ends with the id and the process that has it; the first stays', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const first = cluster.startTrainer('twin', coordinator);
  await coordinator.process.untilOutput(/trainer attached trainer=twin/);
  const second = cluster.startTrainer('twin', coordinator);
  expect(await second.untilExit()).toEqual({ code: 4, signal: null });
  expect(second.output).toContain(`a trainer with id twin is attached (process ${String(first.pid)})`);
  const { trainers } = await coordinator.runs.getCluster({});
  expect(trainers.map(({ trainerId }) => trainerId)).toEqual(['twin']);
});

test.each([
  [{ trainerId: 'old', protocolVersion: protocolVersion + 1 }, 'incompatible', /trainer old speaks protocol version/],
  [{ trainerId: 'No Id' }, 'invalid-argument', /trainer id "No Id" must be 1 to 64 characters/],
])('a trainer that says %j is refused as %s', async (greeting, code, says) => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const fake = new FakeTrainer(coordinator, greeting);
  expect(await fake.ended).toMatchObject({ code, message: expect.stringMatching(says) as string });
  expect((await coordinator.runs.getCluster({})).trainers).toEqual([]);
});

test('a trainer on another engine is kept out of a run under way, with both fingerprints, and the run is not touched', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await configurationOf({
    model: 'initial-nn',
    epochs: 3,
    trainExamples: 500,
    testExamples: 100,
  });
  cluster.startTrainer('compiled', coordinator);
  const { weightsDigest } = await train(coordinator, configuration);

  const other = cluster.startTrainer('eager', coordinator, '--engine', 'tfjs-cpu');
  await coordinator.process.untilOutput(/trainer attached trainer=eager/);
  const runId = await submit(coordinator, configuration, 1);
  const ended = await untilFinished(coordinator, runId);
  expect(ended.weightsDigest).toBe(weightsDigest);
  const [refusal] = await coordinator.process.untilOutput(/trainer eager cannot take part: .*/);
  expect(refusal).toMatch(/its engine is "tfjs-cpu.*", but the run began on "ort-cpu/);
  const { trainers } = await coordinator.runs.getCluster({});
  expect(trainers.find(({ trainerId }) => trainerId === 'eager')?.runId).toBe('');
  expect(other.output).not.toContain('cannot take part');
});
