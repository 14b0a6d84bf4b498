/** The promise: the result of a run depends on its configuration alone. Real processes, real kills. */
import { expect, test } from 'vitest';
import { momentChooser } from './harness/chosen-moment.ts';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

test('a run gives the same bytes on 1, 2, 3 and 5 trainers, after every epoch', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 3 });
  let trainers = 0;
  const digests = new Map<number, readonly string[]>();
  for (const worldSize of [1, 2, 3, 5]) {
    while (trainers < worldSize) cluster.startTrainer(`trainer-${String(++trainers)}`, coordinator);
    const { run, weightsDigest, epochDigests } = await train(coordinator, configuration, worldSize);
    expect(run.epochs.map((epoch) => epoch.worldSize)).toEqual([worldSize, worldSize, worldSize]);
    expect(weightsDigest).toMatch(/^[0-9a-f]{64}$/);
    digests.set(worldSize, [...epochDigests, weightsDigest]);
  }
  const alone = digests.get(1);
  expect(new Set(alone).size).toBe(3);
  expect([...digests].filter(([, others]) => others.join() !== alone?.join())).toEqual([]);
});

test('one of three trainers killed by SIGKILL at a random moment changes no byte', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 8 });
  const trainers = [1, 2, 3].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const { weightsDigest } = await train(coordinator, configuration, 3);

  const runId = await submit(coordinator, configuration, 3);
  const { totalSteps } = await untilRun(coordinator, runId, (run) => run.worldSize === 3);
  const choose = momentChooser('one trainer killed');
  const position = choose('position', 1, Math.floor(Number(totalSteps) / 2));
  const victim = choose('trainer', 1, 4);
  await untilRun(coordinator, runId, (run) => Number(run.position) >= position);
  trainers[victim - 1]?.signal('SIGKILL');
  await coordinator.process.untilOutput(new RegExp(`trainer trainer-${String(victim)} lost: `));
  const ended = await untilFinished(coordinator, runId);
  expect(ended.run.epochs.at(-1)?.worldSize).toBe(2);
  expect(ended.weightsDigest).toBe(weightsDigest);
});

test('a trainer that joins in the middle of a run changes no byte', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const configuration = await configurationOf({ model: 'initial-nn', epochs: 3 });
  cluster.startTrainer('trainer-1', coordinator);
  const { weightsDigest } = await train(coordinator, configuration);

  // Long enough that a process can start and join, and cut short after.
  const endless = await configurationOf({ model: 'initial-nn', epochs: 2000 });
  const runId = await submit(coordinator, endless);
  await untilRun(coordinator, runId, (run) => run.epochs.length >= 1);
  const newcomer = cluster.startTrainer('trainer-2', coordinator);
  const joined = await untilRun(coordinator, runId, (run) => run.worldSize === 2);
  const { epochs } = await untilRun(coordinator, runId, (run) => run.epochs.length > joined.epochs.length + 1);
  newcomer.signal('SIGTERM');
  expect(await newcomer.untilExit()).toEqual({ code: 0, signal: null });
  await coordinator.runs.cancelRun({ runId, reason: 'the test has seen enough' });
  expect(epochs[0]?.worldSize).toBe(1);
  expect(epochs.at(-1)?.worldSize).toBe(2);
  expect(epochs[2]?.weightsDigest).toBe(weightsDigest);
});

test('steps that draw masks or keep batch statistics give the same bytes on 1 and 2 trainers', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const small = { epochs: 2, trainExamples: 200, testExamples: 50, batchSize: 64 };
  const configurations = await Promise.all(
    (['dropout-ann', 'deep-cnn-bn'] as const).map((model) => configurationOf({ model, ...small })),
  );
  cluster.startTrainer('trainer-1', coordinator);
  const alone = [];
  for (const configuration of configurations) alone.push(await train(coordinator, configuration, 1));
  cluster.startTrainer('trainer-2', coordinator);
  for (const [index, configuration] of configurations.entries()) {
    const together = await train(coordinator, configuration, 2);
    expect(together.run.epochs.map((epoch) => epoch.worldSize)).toEqual([2, 2]);
    expect(together.epochDigests).toEqual(alone[index]?.epochDigests);
    expect(together.run.result?.testLoss).toBe(alone[index]?.run.result?.testLoss);
  }
});
