import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '../tensorflow.ts';
import type { Architecture } from './architecture.ts';
import { kernelInitializer } from './kernel-initializer.ts';

const inputShape = [28, 28, 1];

/**
 * Two blocks of two same-padded 3x3 convolutions (32, 32 and 64, 64), each followed by batch normalization, a 2x2 max-pool
 * and dropout 0.25; then dense 512, batch normalization, dropout 0.5, 10.
 */
export const deepCnnBn: Architecture = {
  name: 'deep-cnn-bn',
  title: 'Deep CNN with Batch Normalization',
  source:
    'The study gives the name only. The common form for MNIST-sized images: VGG-like blocks of two convolutions with batch normalization after each activation; momentum 0.99 and epsilon 0.001 as in Keras.',
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'deep-cnn-bn',
      layers: [
        ...block(1, 32, { inputShape }),
        ...block(2, 64, {}),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: 512, activation: 'relu', kernelInitializer }),
        layers.batchNormalization({ name: 'norm_hidden' }),
        layers.dropout({ name: 'dropout_hidden', rate: 0.5 }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};

function block(ordinal: number, filters: number, first: { readonly inputShape?: number[] }): tf.layers.Layer[] {
  const { layers } = tensorflow();
  const shared = { filters, kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer } as const;
  const prefix = String(ordinal);
  return [
    layers.conv2d({ name: `conv_${prefix}a`, ...shared, ...first }),
    layers.batchNormalization({ name: `norm_${prefix}a` }),
    layers.conv2d({ name: `conv_${prefix}b`, ...shared }),
    layers.batchNormalization({ name: `norm_${prefix}b` }),
    layers.maxPooling2d({ name: `pool_${prefix}`, poolSize: 2 }),
    layers.dropout({ name: `dropout_${prefix}`, rate: 0.25 }),
  ];
}
