import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { beforeAll, expect, test } from 'vitest';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { applyHead, takeOutputHead, type OutputHead } from './output-head.ts';

beforeAll(async () => {
  await tfjsCpuProvider.open();
  await tensorflow().setBackend('cpu');
});

type Layers = () => tf.layers.Layer[];

const endings: readonly (readonly [string, OutputHead, Layers])[] = [
  ['a dense softmax', 'softmax', () => [tensorflow().layers.dense({ units: 3, activation: 'softmax' })]],
  ['a dense sigmoid', 'sigmoid', () => [tensorflow().layers.dense({ units: 3, activation: 'sigmoid' })]],
  ['a dense tanh', 'linear', () => [tensorflow().layers.dense({ units: 3, activation: 'tanh' })]],
  [
    'an activation layer',
    'softmax',
    () => [tensorflow().layers.dense({ units: 3 }), tensorflow().layers.activation({ activation: 'softmax' })],
  ],
  ['a softmax layer', 'softmax', () => [tensorflow().layers.dense({ units: 3 }), tensorflow().layers.softmax()]],
  [
    'a nested model',
    'softmax',
    () => [
      tensorflow().sequential({
        layers: [tensorflow().layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })],
      }),
    ],
  ],
];

test.each(endings)('%s gives the head %s, and head after logits is the model', (_, head, ending) => {
  const { layers, sequential, tensor2d } = tensorflow();
  const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [2] }), ...ending()] });
  const input = tensor2d([
    [0.5, -1],
    [2, 0.25],
  ]);
  const before = (model.predict(input) as tf.Tensor).dataSync();
  expect(takeOutputHead(model)).toBe(head);
  const logits = model.predict(input) as tf.Tensor;
  const after = applyHead(head, logits).dataSync();
  after.forEach((value, at) => {
    expect(value).toBeCloseTo(before[at] ?? NaN, 6);
  });
  if (head !== 'linear') expect([...logits.dataSync()]).not.toEqual([...before]);
});
