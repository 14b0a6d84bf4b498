import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { beforeAll, expect, test } from 'vitest';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { exampleHits, exampleLosses } from './example-loss.ts';

beforeAll(async () => {
  await tfjsCpuProvider.open();
  await tensorflow().setBackend('cpu');
});

const lossOf = (
  loss: Parameters<typeof exampleLosses>[0],
  head: 'softmax' | 'sigmoid',
  logits: number[],
  target: number[],
) => {
  const { grad, sum, tensor } = tensorflow();
  const targets =
    loss === 'categoricalCrossentropy' ? tensor(target, [1], 'int32') : tensor(target, [1, target.length]);
  const input = tensor(logits, [1, logits.length]);
  const slope = grad((x: tf.Tensor) => sum(exampleLosses(loss, head, x, targets)))(input);
  return { loss: exampleLosses(loss, head, input, targets).dataSync()[0], slope: [...slope.dataSync()] };
};

test('a wrong and saturated softmax has a finite loss and its full gradient', () => {
  const { loss, slope } = lossOf('categoricalCrossentropy', 'softmax', [300, 0, -300], [2]);
  expect(loss).toBe(600);
  expect(slope).toEqual([1, 0, -1]);
});

test('a wrong and saturated sigmoid has a finite loss and its full gradient', () => {
  const { loss, slope } = lossOf('binaryCrossentropy', 'sigmoid', [200, -200], [0, 1]);
  expect(loss).toBe(200);
  expect(slope).toEqual([0.5, -0.5]);
});

test('a right and saturated output has no loss and no gradient', () => {
  const answers = [
    lossOf('binaryCrossentropy', 'sigmoid', [200], [1]),
    lossOf('categoricalCrossentropy', 'softmax', [0, 200], [1]),
  ];
  for (const { loss, slope } of answers) {
    expect(loss).toBeCloseTo(0, 30);
    expect(slope.every((value) => value === 0)).toBe(true);
  }
});

test.each([
  [
    'categoricalCrossentropy',
    [
      [1, 3, 2],
      [5, 3, 2],
    ],
    [1, 1],
    [1, 0],
  ],
  ['binaryCrossentropy', [[0.7], [-0.2]], [1, 1], [1, 0]],
] as const)('%s counts the examples that it is right about', (loss, logits, targets, hits) => {
  const { tensor, tensor2d } = tensorflow();
  const isCategorical = loss === 'categoricalCrossentropy';
  const wanted = isCategorical ? tensor([...targets], [2], 'int32') : tensor([...targets], [2, 1]);
  const right = exampleHits(
    loss,
    isCategorical ? 'softmax' : 'sigmoid',
    tensor2d(logits.map((row) => [...row])),
    wanted,
  );
  expect([...(right?.dataSync() ?? [])]).toEqual(hits);
});

test.each(['meanSquaredError', 'binaryCrossentropy'] as const)('%s of several outputs has no hits', (loss) => {
  const { ones } = tensorflow();
  expect(exampleHits(loss, 'linear', ones([3, 2]), ones([3, 2]))).toBeUndefined();
});
