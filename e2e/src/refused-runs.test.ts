/** Runs that cannot be: each is refused or fails with what is wrong, and the cluster takes the next one. */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunState } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilEnded } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

const small = { model: 'initial-nn', epochs: 1, trainExamples: 300, testExamples: 50 } as const;

test('impossible runs say what is wrong, and the next run finishes', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  cluster.startTrainer('trainer-1', coordinator);
  const sound = await configurationOf(small);
  const failing = [
    [{ dataSet: { ...sound.dataSet, name: 'imagenet' } }, /data set imagenet is unknown; there are fashion-mnist/],
    [{ dataSet: { ...sound.dataSet, identity: 'sha256:0' } }, /that of the run is sha256:0/],
    [{ optimizer: { name: 'adamm', learningRate: 0.1 } }, /adamm.*adam/],
    [{ optimizer: { name: 'sgd', learningRate: 0.1, settings: { moment: 1 } } }, /moment/],
    [{ model: { ...sound.model, loss: 'hinge-ish' } }, /loss hinge-ish is unknown; there are/],
    [{ model: { ...sound.model, topologyJson: '{}' } }, /topology/],
  ] as const;
  for (const [change, says] of failing) {
    const run = await untilEnded(coordinator, await submit(coordinator, { ...sound, ...change }));
    expect(run).toMatchObject({ state: RunState.FAILED, reason: expect.stringMatching(says) as string });
    expect(run.reason).toContain('trainer-1');
  }
  const { run } = await train(coordinator, sound);
  expect(run.epochs).toHaveLength(1);
});

test('a request with impossible numbers is refused at once, with every problem', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const sound = await configurationOf(small);
  const wrong = {
    ...{ ...sound, batchSize: 271, epochs: 0, optimizer: { name: 'sgd', learningRate: -1 } },
    ...{ model: { ...sound.model, loss: 'meanSquaredError' }, dataSet: { ...sound.dataSet, classes: 10 } },
  };
  const refusal = coordinator.runs.submitRun({
    ...{ runId: 'Bad Id', configuration: wrong, minTrainers: 0, startTrainers: 3, maxTrainers: 2 },
  });
  await expect(refusal).rejects.toMatchObject({ code: 'invalid-argument' });
  const message = await refusal.catch((error: unknown) => String(error));
  expect(message).toMatch(/batch_size: 271 must be at most the 270 training examples/);
  for (const field of ['epochs: 0', 'learning_rate: -1', 'run_id: "Bad Id"', 'min_trainers: 0', 'max_trainers: 2']) {
    expect(message).toContain(field);
  }
  expect(message).toMatch(
    /model.loss: "meanSquaredError" must be categoricalCrossentropy: targets of synthetic-fashion/,
  );
  expect((await coordinator.runs.listRuns({})).runs).toEqual([]);
});

test('a second run with one id is refused, and one that does not exist is named', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const sound = await configurationOf(small);
  await submit(coordinator, sound, 1, 'only');
  const again = submit(coordinator, sound, 1, 'only');
  await expect(again).rejects.toMatchObject({
    code: 'already-exists',
    message: expect.stringContaining('only') as string,
  });
  const missing = coordinator.runs.getRun({ runId: 'other' });
  await expect(missing).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/run other does not exist; the last ones are only/) as string,
  });
});

test('altered and truncated data files are refused by name and checksum, and never used', async () => {
  const cluster = await ClusterProcesses.open();
  const dataDirectory = join(cluster.directory, 'data');
  await mkdir(dataDirectory);
  for (const name of ['train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
    await writeFile(join(dataDirectory, `${name}-ubyte.gz`), name);
  }
  const images = join(dataDirectory, 'train-images-idx3-ubyte.gz');

  const coordinator = await cluster.startCoordinator();
  const sound = await configurationOf(small);
  const configuration = { ...sound, dataSet: { ...sound.dataSet, name: 'fashion-mnist', settingsJson: '' } };
  const officialBytes = 26_421_880;
  const cases = [
    [
      officialBytes,
      /train-images-idx3-ubyte\.gz is not the official file: expected SHA-256 3aede38d.*, got [0-9a-f]{64}/,
    ],
    [
      officialBytes - 1,
      /train-images-idx3-ubyte\.gz has 26421879 bytes instead of 26421880 and is not the official file/,
    ],
  ] as const;
  cluster.startTrainer('trainer-1', coordinator, '--data-dir', dataDirectory);
  for (const [bytes, says] of cases) {
    await writeFile(images, '');
    await truncate(images, bytes);
    const run = await untilEnded(coordinator, await submit(coordinator, configuration));
    expect(run).toMatchObject({ state: RunState.FAILED, reason: expect.stringMatching(says) as string });
    expect(run.reason).toContain(images);
  }
});
