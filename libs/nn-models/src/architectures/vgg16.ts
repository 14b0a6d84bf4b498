import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '../tensorflow.ts';
import type { Architecture } from './architecture.ts';
import { kernelInitializer } from './kernel-initializer.ts';

const inputShape = [28, 28, 1];

/** Filters of the convolutions of each block. */
const blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * VGG configuration D for 28 x 28 images: 13 same-padded 3x3 convolutions in five blocks, each with a 2x2 max-pool, then
 * dense 512, 512 with dropout 0.5, and 10: 15.2 million parameters.
 */
export const vgg16: Architecture = {
  name: 'vgg16',
  title: 'VGG-16',
  source:
    'Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition" (2014), configuration D. For 28 x 28 images the pools are same-padded (28, 14, 7, 4, 2, 1) and the two dense layers have 512 units instead of 4096; he-normal kernels, without which 16 layers do not start to learn.',
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    const dense = { units: 512, activation: 'relu', kernelInitializer: 'heNormal' } as const;
    return sequential({
      name: 'vgg16',
      layers: [
        ...blocks.flatMap((filters, block) => convolutions(filters, block + 1)),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden_1', ...dense }),
        layers.dropout({ name: 'dropout_1', rate: 0.5 }),
        layers.dense({ name: 'hidden_2', ...dense }),
        layers.dropout({ name: 'dropout_2', rate: 0.5 }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};

function convolutions(filtersOfBlock: readonly number[], block: number): tf.layers.Layer[] {
  const { layers } = tensorflow();
  const shared = { kernelSize: 3, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' } as const;
  const prefix = String(block);
  return [
    ...filtersOfBlock.map((filters, index) =>
      layers.conv2d({
        name: `conv_${prefix}_${String(index + 1)}`,
        filters,
        ...shared,
        ...(block === 1 && index === 0 ? { inputShape } : {}),
      }),
    ),
    layers.maxPooling2d({ name: `pool_${prefix}`, poolSize: 2, padding: 'same' }),
  ];
}
