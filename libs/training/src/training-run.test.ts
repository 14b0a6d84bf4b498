import { addInPlace, chunkCountAt, exampleCountAt, rootLevel, TreeSum, type RunPlan, type TreeNode } from '@weft/core';
import { openDataSet } from '@weft/data';
import { openEngine, type Engine } from '@weft/engine';
import { architecture, topologyOf } from '@weft/nn-models';
import { contributionDigest, digestPieces, type RunAssignment } from '@weft/wire';
import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunOpener } from './open-run.ts';
import type { TrainingRun } from './training-run.ts';

const synthetic = { seed: 3, trainCount: 60, testCount: 30 };
const dataOptions = { cacheDirectory: '' };
/** Four steps of 16 examples in chunks of 3 and one of 6 left over: neither steps nor chunks divide evenly. */
const plan: RunPlan = {
  batch: { exampleCount: 54, globalBatch: 16, chunkSize: 3 },
  epochs: 2,
  evaluationExamples: { validation: 6, test: 30 },
};

let engine: Engine;
let sound: RunAssignment;
beforeAll(async () => {
  engine = await openEngine('tfjs-cpu');
  const { identity } = await openDataSet('synthetic-fashion', { ...dataOptions, synthetic });
  const model = architecture('initial-nn').build();
  const topology = topologyOf(model);
  model.dispose();
  sound = {
    runId: 'r',
    plan,
    seed: 5,
    topology,
    loss: 'categoricalCrossentropy',
    batchNormalization: 'ghost',
    dataSet: { name: 'synthetic-fashion', identity, validationSplit: 0.1, settingsJson: JSON.stringify(synthetic) },
    optimizer: { name: 'adam', learningRate: 0.01, settings: {} },
  };
});
afterAll(() => engine.dispose());

const open = (change: Partial<RunAssignment> = {}): Promise<TrainingRun> =>
  new RunOpener(engine, dataOptions).open({ ...sound, ...change });

async function contributionOf(run: TrainingRun, node: TreeNode): Promise<Float32Array> {
  const into = new Float32Array(run.layoutSize);
  await run.contribute(node, into);
  return into;
}

test('the contribution of every node is that of its left half plus that of its right half, bit for bit', async () => {
  const run = await open();
  const chunks = run.chunkCount;
  expect(chunks).toBe(6);
  for (const node of [
    { level: 1, index: 0 },
    { level: 1, index: 2 },
    { level: 2, index: 0 },
    { level: 3, index: 0 },
  ]) {
    const [left, right] = [0, 1].map((side) => ({ level: node.level - 1, index: node.index * 2 + side }));
    if (left === undefined || right === undefined) throw new Error('a node has two halves');
    const halves = addInPlace(await contributionOf(run, left), await contributionOf(run, right));
    expect(await contributionOf(run, node)).toEqual(halves);
  }
  await run.close();
});

test('two replicas that compute half of the chunks each stay equal to one that computes all', async () => {
  const alone = await open();
  const gang = [await open(), await open()] as const;
  for (let step = 0; step < 5; step++) {
    const chunkCount = chunkCountAt(plan, step);
    const sum = new TreeSum<Float32Array>(chunkCount, addInPlace);
    // The second one answers first; single chunks, so that the sums differ from those that one replica makes for itself.
    for (let chunk = chunkCount - 1; chunk >= 0; chunk--) {
      const node = { level: 0, index: chunk };
      sum.give(node, await contributionOf(gang[chunk * 2 < chunkCount ? 0 : 1], node));
    }
    const examples = exampleCountAt(plan, step);
    const mean = sum.root.map((value) => Math.fround(value / examples));
    const { gradientDigest } = await alone.commitAlone();
    expect(contributionDigest(digestPieces(mean)).toString('hex')).toBe(Buffer.from(gradientDigest).toString('hex'));
    for (const replica of gang) replica.apply(mean);
    expect(gang.map((replica) => replica.weightsDigest)).toEqual([alone.weightsDigest, alone.weightsDigest]);
  }
  expect(alone.position).toBe(5);
  await Promise.all([alone, ...gang].map((run) => run.close()));
});

test('a step too large to gather at once is computed in halves, with the same sum', async () => {
  const large = { seed: 3, trainCount: 2400, testCount: 10 };
  const { identity } = await openDataSet('synthetic-fashion', { ...dataOptions, synthetic: large });
  const run = await open({
    plan: { ...plan, batch: { exampleCount: 2160, globalBatch: 2160, chunkSize: 256 } },
    dataSet: { ...sound.dataSet, identity, settingsJson: JSON.stringify(large) },
  });
  const sum = new TreeSum<Float32Array>(run.chunkCount, addInPlace);
  for (let index = 0; index < run.chunkCount; index++) {
    sum.give({ level: 0, index }, await contributionOf(run, { level: 0, index }));
  }
  expect(run.chunkCount).toBe(9);
  expect(await contributionOf(run, { level: rootLevel(9), index: 0 })).toEqual(sum.root);
  await run.close();
});

test('a snapshot carries the position and every bit; the steps after it are the same', async () => {
  const first = await open();
  for (let step = 0; step < 3; step++) await first.commitAlone();
  const snapshot = first.snapshot();
  expect(snapshot.byteLength).toBe(first.snapshotBytes);
  const second = await open();
  second.loadSnapshot(Uint8Array.from(snapshot));
  expect(second.position).toBe(3);
  expect(second.weightsDigest).toBe(first.weightsDigest);
  for (const run of [first, second]) await run.commitAlone();
  expect(second.weightsDigest).toBe(first.weightsDigest);
  await Promise.all([first.close(), second.close()]);
});

test('each step has the rate of its place in the schedule, also in a run that goes on from a snapshot', async () => {
  const schedule = { decay: 'cosine', warmupSteps: 2, warmupEpochs: 0, floor: 0.1, factor: 1, decayEpochs: 1 } as const;
  const run = await open({ schedule });
  const constant = await open();
  const rates: number[] = [];
  for (let step = 0; step < 3; step++) {
    rates.push(run.learningRate);
    await run.commitAlone();
    await constant.commitAlone();
  }
  // Half of the rate, the rate, and the rate again where the cosine of 0 begins.
  expect(rates).toEqual([0.005, 0.01, 0.01]);
  expect(run.weightsDigest).not.toBe(constant.weightsDigest);
  const another = await open({ schedule });
  another.loadSnapshot(Uint8Array.from(run.snapshot()));
  for (let step = 3; step < 8; step++) {
    expect(another.learningRate).toBe(run.learningRate);
    for (const one of [run, another]) await one.commitAlone();
  }
  expect(another.weightsDigest).toBe(run.weightsDigest);
  await Promise.all([run.close(), constant.close(), another.close()]);
});

test('a snapshot says by itself of which run it is, and where in it', async () => {
  const run = await open();
  for (let step = 0; step < 5; step++) await run.commitAlone();
  const file = Buffer.from(run.snapshot());
  const header = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString()) as {
    readonly __metadata__: Readonly<Record<string, string>>;
  };
  const { configuration = '', ...facts } = header.__metadata__;
  expect(facts).toMatchObject({
    position: '5',
    epoch: '1',
    step: '1',
    seed: '5',
    engineFingerprint: engine.fingerprint,
  });
  expect(hash('sha256', configuration, 'hex')).toBe(facts['configurationDigest']);
  expect(configuration).toContain(JSON.stringify(sound.topology));
  await run.close();
});

test('a snapshot of another configuration is refused, and the replica stays what it was', async () => {
  const other = await open({ seed: 6 });
  await other.commitAlone();
  const run = await open();
  const before = run.weightsDigest;
  expect(() => run.loadSnapshot(Uint8Array.from(other.snapshot()))).toThrow(
    expect.objectContaining({ code: 'incompatible' }),
  );
  expect([run.position, run.weightsDigest]).toEqual([0, before]);
  await Promise.all([run.close(), other.close()]);
});

test('the id of a run decides no bit', async () => {
  const runs = [await open(), await open({ runId: 'another' })];
  for (const run of runs) await run.commitAlone();
  expect(runs[1]?.weightsDigest).toBe(runs[0]?.weightsDigest);
  await Promise.all(runs.map((run) => run.close()));
});
