import { expect, test } from 'vitest';
import { architecture } from './architectures/registry.ts';
import { layoutOf } from './model-layout.ts';
import { tensorflow } from './tensorflow.ts';

test('trainable variables come first, then moving averages, with names that do not depend on the process', () => {
  const discarded = architecture('deep-cnn-bn').build();
  const layout = layoutOf(architecture('deep-cnn-bn').build());
  discarded.dispose();
  expect(layout.entries.slice(0, 4).map(({ name, shape, offset }) => ({ name, shape, offset }))).toEqual([
    { name: 'conv_1a/kernel', shape: [3, 3, 1, 32], offset: 0 },
    { name: 'conv_1a/bias', shape: [32], offset: 288 },
    { name: 'norm_1a/gamma', shape: [32], offset: 320 },
    { name: 'norm_1a/beta', shape: [32], offset: 352 },
  ]);
  const state = layout.entries.filter(({ trainable }) => !trainable);
  expect(state[0]).toEqual({
    name: 'norm_1a/moving_mean',
    shape: [32],
    offset: layout.trainableSize,
    length: 32,
    trainable: false,
  });
  expect(layout.size - layout.trainableSize).toBe(2 * (32 + 32 + 64 + 64 + 512));
});

test('variables of a nested model are named by their path', () => {
  const tf = tensorflow();
  const inner = tf.sequential({ name: 'block', layers: [tf.layers.dense({ name: 'd', units: 2, inputShape: [3] })] });
  const outer = tf.sequential({ name: 'outer', layers: [inner, tf.layers.dense({ name: 'd', units: 1 })] });
  expect(layoutOf(outer).entries.map(({ name }) => name)).toEqual([
    'block/d/kernel',
    'block/d/bias',
    'd/kernel',
    'd/bias',
  ]);
});
