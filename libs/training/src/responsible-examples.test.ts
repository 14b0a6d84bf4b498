import { stepAt, type RunPlan } from '@weft/core';
import type { CompiledModel, GradientRequest } from '@weft/engine';
import { createReplica, parseOptimizer } from '@weft/engine';
import { architecture, layoutOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { responsibleExamples } from './responsible-examples.ts';
import { TrainingRun } from './training-run.ts';

const plan: RunPlan = {
  batch: { exampleCount: 100, globalBatch: 50, chunkSize: 8 },
  epochs: 1,
  evaluationExamples: { validation: 1, test: 1 },
};

/** A run in which the gradient of an example is the value of its one pixel, but for what `values` says; 200 stands for NaN. */
function runWith(values: Readonly<Record<number, number>>): { readonly run: TrainingRun; calls: () => number } {
  const model = architecture('initial-nn').build();
  const layout = layoutOf(model);
  model.dispose();
  let calls = 0;
  const compiled: Partial<CompiledModel> = {
    layout,
    rounds: [],
    gradient: ({ examples }: GradientRequest, _: Float32Array, into: Float32Array) => {
      calls++;
      into.fill(0);
      const pixels = Array.from(examples.inputs, (value) => (value === 200 ? NaN : value));
      into[0] = pixels.reduce((sum, value) => sum + value, 0);
      return Promise.resolve({ loss: into[0], correct: 0 });
    },
  };
  const images = Uint8Array.from({ length: 100 }, (_, example) => values[example] ?? 1);
  const labels = Uint8Array.from({ length: 100 }, (_, example) => example % 10);
  const split = { images, labels, count: 100, exampleSize: 1 };
  const replica = createReplica(layout, parseOptimizer('sgd', {}));
  const run = new TrainingRun({
    run: {
      ...{ runId: 'r', plan, seed: 4, topology: '', loss: 'categoricalCrossentropy', batchNormalization: 'ghost' },
      dataSet: { name: 'd', identity: 'i', validationSplit: 0.1, settingsJson: '' },
      optimizer: { name: 'sgd', learningRate: 0.1, settings: {} },
    },
    // The test computes gradients only.
    model: compiled as CompiledModel,
    ...{ replica, training: split, evaluation: { validation: split, test: split }, engineFingerprint: 'e' },
  });
  return { run, calls: () => calls };
}

/** Examples of the first step. */
function firstStep(run: TrainingRun): number[] {
  expect(stepAt(plan, run.position).step).toBe(0);
  return Array.from({ length: 50 }, (_, place) => run.exampleAt(place).example);
}

test('two examples that give NaN are found among fifty, and nothing else', async () => {
  const bad = firstStep(runWith({}).run).filter((_, place) => place === 3 || place === 44);
  const { run, calls } = runWith(Object.fromEntries(bad.map((example) => [example, 200])));
  const { step, parametersFinite, examples, groups } = await responsibleExamples(run, 5);
  expect(step.gradientNorm).toBe(Infinity);
  expect(parametersFinite).toBe(true);
  expect(examples.map(({ example }) => example).sort()).toEqual([...bad].sort());
  expect(examples.map(({ label }) => label)).toEqual(examples.map(({ example }) => example % 10));
  expect(examples.map(({ chunk }) => chunk).sort()).toEqual([0, 5]);
  expect(groups).toEqual([]);
  expect(calls()).toBeLessThan(30);
});

test('the examples with the largest gradients of a sound step come first', async () => {
  const [, , , , , , spike = 0, lesser = 0] = firstStep(runWith({}).run);
  const { run } = runWith({ [spike]: 150, [lesser]: 90 });
  const { examples } = await responsibleExamples(run, 2);
  expect(examples).toEqual([
    { example: spike, label: spike % 10, chunk: 0, loss: 150, gradientNorm: 150 },
    { example: lesser, label: lesser % 10, chunk: 0, loss: 90, gradientNorm: 90 },
  ]);
});
