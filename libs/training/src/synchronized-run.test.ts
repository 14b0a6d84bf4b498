import { addInPlace, exampleCountAt, rootLevel, TreeSum, type RunPlan, type TreeNode } from '@weft/core';
import { openDataSet } from '@weft/data';
import { openEngine, type Engine, type RoundExchange } from '@weft/engine';
import { tensorflow, topologyOf } from '@weft/nn-models';
import type { RunAssignment } from '@weft/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunOpener } from './open-run.ts';
import type { TrainingRun } from './training-run.ts';

const synthetic = { seed: 3, trainCount: 60, testCount: 30 };
const dataOptions = { cacheDirectory: '' };
/** Three steps of 16 examples in four chunks of 4, and one of 6 left over in two. */
const plan: RunPlan = {
  batch: { exampleCount: 54, globalBatch: 16, chunkSize: 4 },
  epochs: 2,
  evaluationExamples: { validation: 6, test: 30 },
};

let engine: Engine;
let run: RunAssignment;
beforeAll(async () => {
  engine = await openEngine('ort-cpu');
  const { identity } = await openDataSet('synthetic-fashion', { ...dataOptions, synthetic });
  const { layers, sequential } = tensorflow();
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 6 }),
      layers.batchNormalization({}),
      layers.reLU({}),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  const topology = topologyOf(model);
  model.dispose();
  run = {
    runId: 'r',
    plan,
    seed: 5,
    topology,
    loss: 'categoricalCrossentropy',
    batchNormalization: 'sync',
    dataSet: { name: 'synthetic-fashion', identity, validationSplit: 0.1, settingsJson: JSON.stringify(synthetic) },
    optimizer: { name: 'adam', learningRate: 0.01, settings: {} },
  };
});
afterAll(() => engine.dispose());

const open = (): Promise<TrainingRun> => new RunOpener(engine, dataOptions).open(run);

/** The mean over a step whose nodes are computed by the given replicas, all at once. */
async function meanOf(shares: readonly (readonly [TrainingRun, TreeNode])[], chunkCount: number, examples: number) {
  const rounds = new Map<number, { sum: TreeSum<Float32Array>; total: PromiseWithResolvers<Float32Array> }>();
  const exchangeOf =
    (node: TreeNode): RoundExchange =>
    (round, local) => {
      const open = rounds.get(round) ?? {
        sum: new TreeSum(chunkCount, addInPlace),
        total: Promise.withResolvers<Float32Array>(),
      };
      rounds.set(round, open);
      open.sum.give(node, local);
      if (open.sum.complete) open.total.resolve(open.sum.root);
      return open.total.promise;
    };
  const sum = new TreeSum<Float32Array>(chunkCount, addInPlace);
  const compute = async ([replica, node]: readonly [TrainingRun, TreeNode]): Promise<void> => {
    const into = new Float32Array(replica.layoutSize);
    await replica.contribute(node, into, exchangeOf(node));
    sum.give(node, into);
  };
  await Promise.all(shares.map(compute));
  return sum.root.map((value) => Math.fround(value / examples));
}

test('replicas that share the chunks of each step stay equal to one that computes all', async () => {
  const alone = await open();
  const gang = [await open(), await open()] as const;
  expect(alone.rounds).toEqual([7, 6, 12]);
  for (let step = 0; step < 5; step++) {
    const { chunkCount } = alone;
    const level = rootLevel(chunkCount) - 1;
    const shares = [0, 1].map((index) => [gang[index === 0 ? 0 : 1], { level, index }] as const);
    const mean = await meanOf(shares, chunkCount, exampleCountAt(plan, step));
    await alone.commitAlone();
    for (const replica of gang) replica.apply(mean);
    expect(gang.map((replica) => replica.weightsDigest)).toEqual([alone.weightsDigest, alone.weightsDigest]);
  }
  for (const replica of [alone, ...gang]) await replica.close();
});

test('a step is more than its chunks one by one', async () => {
  const whole = await open();
  await whole.commitAlone();
  const ghost = await new RunOpener(engine, dataOptions).open({ ...run, batchNormalization: 'ghost' });
  await ghost.commitAlone();
  expect(ghost.weightsDigest).not.toBe(whole.weightsDigest);
  for (const one of [whole, ghost]) await one.close();
});
