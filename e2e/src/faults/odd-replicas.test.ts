/** Trainers that have something else than the others: each is kept out by name, and the others do not notice. */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataSet, splitValidation } from '@weft/data';
import { expect, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { FakeTrainer } from '../harness/fake-trainer.ts';
import { train } from '../harness/followed-run.ts';
import { configurationOf, validationSplit } from '../harness/run-configuration.ts';
import { LongRun } from './long-run.ts';

const flippedBit = new URL('./flipped-bit.fixture.ts', import.meta.url).href;
const officialBytes = 26_421_880;

const oddities = [
  { id: 'wide', said: { layoutSize: 25_451n }, says: /its model has 25451 elements, the others' has 25450/ },
  { id: 'long', said: { snapshotBytes: 1_000_000_000n }, says: /its snapshots have 1000000000 bytes/ },
];

test('a trainer whose replica has another layout or other snapshots is kept out by name, and the run is not touched', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '60s');
  cluster.startTrainer('sound', coordinator);
  const run = await LongRun.begin(coordinator, 1);
  const { engineFingerprint, configuration } = await run.until(() => true);
  for (const { id, said, says } of oddities) {
    const fake = new FakeTrainer(coordinator, { trainerId: id, engineFingerprint });
    await fake.until('openRun');
    fake.send({
      case: 'ready',
      value: {
        ...{ runId: run.runId, position: 0n, layoutSize: 25_450n, snapshotBytes: 307_000n, weightsDigest: 'other' },
        ...{ dataSetIdentity: configuration?.dataSet?.identity ?? '', ...said },
      },
    });
    const [refusal] = await coordinator.process.untilOutput(new RegExp(`trainer ${id} cannot take part: .*`));
    expect(refusal).toMatch(says);
    expect((await fake.until('closeRun')).reason).toMatch(says);
  }
  await run.untilAtWork(1);
  await run.verify();
});

test('a replica in which a bit flips is named at the end of the epoch and replaced; flips again, and its trainer is evicted', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  for (const id of ['sound-1', 'sound-2']) cluster.startTrainer(id, coordinator);
  cluster.preloads = [flippedBit];
  const faulty = cluster.startTrainer('faulty', coordinator);
  const run = await LongRun.begin(coordinator, 3);
  faulty.signal('SIGUSR2');
  await coordinator.process.untilOutput(
    /replicas differ at position \d+: faulty, against the majority; all replicas are replaced from the last checkpoint/,
  );
  await run.untilAtWork(3);
  faulty.signal('SIGUSR2');
  await coordinator.process.untilOutput(/against the majority; faulty evicted, it was wrong before/);
  await run.untilAtWork(2);
  await run.verify();
});

const official = await openDataSet('fashion-mnist', { cacheDirectory: '', download: false }).catch(() => undefined);
const remark = official === undefined ? ' (skipped: Fashion-MNIST is not on this machine)' : '';

test.skipIf(official === undefined)(
  `a trainer whose data are damaged is kept out by name, and the run is not touched${remark}`,
  async () => {
    if (official === undefined) return;
    const cluster = await ClusterProcesses.open();
    const coordinator = await cluster.startCoordinator();
    const { name, identity, train: examples, test: testing } = official;
    const { training, validation } = splitValidation(examples, validationSplit);
    const counts = { trainExamples: training.count, validationExamples: validation.count, testExamples: testing.count };
    const configuration = {
      ...(await configurationOf({ model: 'initial-nn', epochs: 1 })),
      dataSet: { name, identity, validationSplit, settingsJson: '', ...counts },
    };
    cluster.startTrainer('sound', coordinator);
    const { weightsDigest } = await train(coordinator, configuration);

    const directory = join(cluster.directory, 'data');
    await mkdir(directory);
    for (const file of ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
      await writeFile(join(directory, `${file}-ubyte.gz`), '');
    }
    await truncate(join(directory, 'train-images-idx3-ubyte.gz'), officialBytes);
    const damaged = cluster.startTrainer('damaged', coordinator, '--data-dir', directory);
    await damaged.untilOutput(/ attached coordinator=/);
    expect((await train(coordinator, configuration)).weightsDigest).toBe(weightsDigest);
    const [refusal] = await coordinator.process.untilOutput(/trainer damaged cannot take part: .*/);
    expect(refusal).toMatch(/is not the official file: expected SHA-256/);
  },
);
