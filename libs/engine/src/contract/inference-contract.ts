/** An engine in inference mode: metric sums and predictions. */
import { topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { Engine, EvaluationSums } from '../engine.ts';
import { countClasses } from '../metrics/count-classes.ts';
import { examplesFor, inferenceReferenceOf, parametersFor, runSeed } from './contract-examples.ts';
import { expectMetrics } from './gradient-contract.ts';
import { layerCases, type LayerCase } from './layer-cases.ts';

/** More than one internal batch of any engine. */
const count = 300;

const caseNames = [
  'dropout',
  'batch normalization of images',
  'max pooling 2',
  'mean squared error',
  'binary cross-entropy of one sigmoid',
  'binary cross-entropy of sigmoids',
];

/** Describes evaluation and prediction on models with and without layers that differ between training and inference. */
export function describeInference(engine: Engine): void {
  const cases: readonly LayerCase[] = layerCases().filter(({ name }) => caseNames.includes(name));
  describe.each(cases)('inference with $name', ({ build, loss }) => {
    test('metric sums and predictions are right, and the same each time', async () => {
      const model = build();
      const parameters = parametersFor(model);
      const examples = examplesFor(model, loss, count);
      const compiled = await engine.compile({ topology: topologyOf(model), loss, input: 'uint8', seed: runSeed });
      const reference = inferenceReferenceOf(model, loss, examples, parameters);
      const sums = await compiled.evaluate({ examples, count }, parameters);
      const rows = await compiled.predict(examples.inputs, count, parameters);
      expectMetrics(sums, reference);
      expectClassCounts(sums, examples.targets, rows);
      expect(rows).toHaveLength(reference.output.length);
      const largestError = rows.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (reference.output[at] ?? NaN))),
        0,
      );
      expect(largestError).toBeLessThan(1e-5);
      expect(await compiled.evaluate({ examples, count }, parameters)).toEqual(sums);
      expect(await compiled.predict(examples.inputs, count, parameters)).toEqual(rows);
      await compiled.dispose();
      model.dispose();
    });
  });

  test('rows of a softmax sum to one', async () => {
    const [layerCase] = layerCases();
    if (layerCase === undefined) throw new Error('there are layer cases');
    const model = layerCase.build();
    const { inputs } = examplesFor(model, layerCase.loss, 7);
    const compiled = await engine.compile({
      topology: topologyOf(model),
      loss: layerCase.loss,
      input: 'uint8',
      seed: runSeed,
    });
    const rows = await compiled.predict(inputs, 7, parametersFor(model));
    for (let row = 0; row < 7; row++) {
      const [a = NaN, b = NaN, c = NaN] = rows.subarray(3 * row, 3 * row + 3);
      expect(Math.abs(a + b + c - 1)).toBeLessThan(1e-6);
    }
    await compiled.dispose();
    model.dispose();
  });
}

/** Expects the counts of `predictions`, whose order is that of the scores, and of the hits; none for other targets. */
function expectClassCounts(
  { classes, correct }: EvaluationSums,
  targets: Int32Array | Float32Array,
  predictions: Float32Array,
): void {
  if (!(targets instanceof Int32Array)) {
    expect(classes).toBeUndefined();
    return;
  }
  const width = predictions.length / targets.length;
  expect(classes).toEqual(countClasses(predictions, targets, width));
  const diagonal = classes?.confusion.filter((_, cell) => cell % (width + 1) === 0) ?? [];
  expect(diagonal.reduce((sum, hits) => sum + hits, 0)).toBe(correct);
}
