import type * as tf from '@tensorflow/tfjs';
import { PhiloxStream } from '@weft/core';
import { layoutOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { examplesFor, parametersFor, runSeed } from '../contract/contract-examples.ts';
import { layerCases, type LayerCase } from '../contract/layer-cases.ts';
import { fillDropoutMask } from '../masks/dropout-mask.ts';
import { referencePass, type ReferenceResult } from './model-twin.ts';

const step = 1e-6;
const probesPerVariable = 6;

function passAt({ count, loss }: LayerCase, model: tf.LayersModel, parameters: Float64Array): ReferenceResult {
  const { inputs, targets } = examplesFor(model, loss, count);
  return referencePass(model, {
    loss,
    inputs: Float64Array.from(inputs, (value) => value / 255),
    targets,
    count,
    parameters,
    training: true,
    mask: (layer, rate, length) => {
      const mask = new Uint8Array(length);
      fillDropoutMask({ seed: runSeed, epoch: 0, step: 0, chunk: 0, layer }, rate, mask);
      return mask;
    },
  });
}

test.each(layerCases())('the gradient of $name equals finite differences', (layerCase) => {
  const model = layerCase.build();
  const parameters = Float64Array.from(parametersFor(model));
  const { contribution } = passAt(layerCase, model, parameters);
  const stream = new PhiloxStream(3, 'syntheticData');
  for (const { length, name, offset, trainable } of layoutOf(model).entries) {
    if (!trainable) continue;
    for (let probe = 0; probe < probesPerVariable; probe++) {
      const at = offset + stream.below(length);
      const lossWith = (change: number): number => {
        const moved = parameters.slice();
        moved[at]! += change;
        return passAt(layerCase, model, moved).loss;
      };
      const slope = (lossWith(step) - lossWith(-step)) / (2 * step);
      expect(contribution[at]!, `${name}[${String(at - offset)}]`).toBeCloseTo(slope, 7);
    }
  }
  model.dispose();
});

test('moving averages go a tenth of the way to the batch statistics at momentum 0.9', () => {
  const layerCase = layerCases().find(({ name }) => name === 'batch normalization of images')!;
  const model = layerCase.build();
  const parameters = Float64Array.from(parametersFor(model));
  const { entries } = layoutOf(model);
  const mean = entries.find(({ name }) => name === 'norm/moving_mean')!;
  const before = parameters[mean.offset]!;
  const after = passAt(layerCase, model, parameters).contribution[mean.offset]! / layerCase.count;
  const batchMean = before + (after - before) / 0.1;
  const centred = parameters.slice();
  centred[mean.offset] = batchMean;
  expect(passAt(layerCase, model, centred).contribution[mean.offset]! / layerCase.count).toBeCloseTo(batchMean, 12);
  model.dispose();
});
