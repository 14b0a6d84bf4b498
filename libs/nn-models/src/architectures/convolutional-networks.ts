/** The two plain convolutional networks: 28 x 28 x 1 in, ten probabilities out. Kernels glorot-uniform, biases zero. */
import { tensorflow } from '../tensorflow.ts';
import type { Architecture } from './architecture.ts';
import { kernelInitializer } from './kernel-initializer.ts';

const inputShape = [28, 28, 1];

/** Two 3x3 convolutions (32, 64), each with relu and a 2x2 max-pool, then dense 128 and 10: 225 034 parameters. */
export const simpleCnn: Architecture = {
  name: 'simple-cnn',
  title: 'Simple CNN',
  source:
    "The study gives the name only. Two valid 3x3 convolutions with max-pooling and one hidden dense layer, the convolutional base of TensorFlow's beginner tutorial on CNNs.",
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'simple-cnn',
      layers: [
        layers.conv2d({
          name: 'conv_1',
          filters: 32,
          kernelSize: 3,
          activation: 'relu',
          inputShape,
          kernelInitializer,
        }),
        layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
        layers.conv2d({ name: 'conv_2', filters: 64, kernelSize: 3, activation: 'relu', kernelInitializer }),
        layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: 128, activation: 'relu', kernelInitializer }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};

/** The simple CNN with dropout 0.25 after each pool and 0.5 before the output: 225 034 parameters. */
export const dropoutCnn: Architecture = {
  name: 'dropout-cnn',
  title: 'Dropout CNN',
  source:
    "The study counts its layers: 2 conv, 2 max-pool, 3 dropout, 2 dense. The simple CNN with the dropout rates of Keras's mnist_cnn example (0.25 after pooling, 0.5 before the output).",
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'dropout-cnn',
      layers: [
        layers.conv2d({
          name: 'conv_1',
          filters: 32,
          kernelSize: 3,
          activation: 'relu',
          inputShape,
          kernelInitializer,
        }),
        layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
        layers.dropout({ name: 'dropout_1', rate: 0.25 }),
        layers.conv2d({ name: 'conv_2', filters: 64, kernelSize: 3, activation: 'relu', kernelInitializer }),
        layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
        layers.dropout({ name: 'dropout_2', rate: 0.25 }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'hidden', units: 128, activation: 'relu', kernelInitializer }),
        layers.dropout({ name: 'dropout_3', rate: 0.5 }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};
