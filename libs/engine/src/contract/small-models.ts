import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import type { LossName } from '../engine.ts';

/** A model small enough to be run hundreds of times by the slowest engine. */
export interface SmallModel {
  readonly name: string;
  /** Categorical cross-entropy where absent. */
  readonly loss?: LossName;
  readonly build: () => tf.LayersModel;
}

/** Two dense layers with dropout between them: rows of 40 in, five classes. */
export const smallDense: SmallModel = {
  name: 'a small dense model with dropout',
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'small-dense',
      layers: [
        layers.dense({ name: 'hidden', units: 24, activation: 'relu', inputShape: [40] }),
        layers.dropout({ name: 'dropout', rate: 0.3 }),
        layers.dense({ name: 'output', units: 5, activation: 'softmax' }),
      ],
    });
  },
};

/** Ends in one column: a product that takes another path than those of several. */
export const smallBinary: SmallModel = {
  name: 'a small binary classifier',
  loss: 'binaryCrossentropy',
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'small-binary',
      layers: [
        layers.dense({ name: 'hidden', units: 24, activation: 'relu', inputShape: [40] }),
        layers.dense({ name: 'output', units: 1, activation: 'sigmoid' }),
      ],
    });
  },
};

/** One of each layer of the convolutional architectures: images of 6 x 6 in, five classes. */
export const smallCnn: SmallModel = {
  name: 'a small convolutional model with batch normalization and dropout',
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'small-cnn',
      layers: [
        layers.conv2d({ name: 'conv', filters: 6, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        layers.batchNormalization({ name: 'norm' }),
        layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
        layers.dropout({ name: 'dropout', rate: 0.3 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'output', units: 5, activation: 'softmax' }),
      ],
    });
  },
};
