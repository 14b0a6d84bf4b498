/** The three dense networks: rows of 784 pixels in, ten probabilities out. Kernels glorot-uniform, biases zero. */
import { tensorflow } from '../tensorflow.ts';
import type { Architecture } from './architecture.ts';
import { kernelInitializer } from './kernel-initializer.ts';

const inputShape = [784];

/** 784 -> 32 sigmoid -> 10 softmax: 25 450 parameters. */
export const initialNn: Architecture = {
  name: 'initial-nn',
  title: 'Initial NN',
  source: 'The study states it in full: dense 784-32 sigmoid-10 softmax, 25 450 parameters.',
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'initial-nn',
      layers: [
        layers.dense({ name: 'hidden', units: 32, activation: 'sigmoid', inputShape, kernelInitializer }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};

/** 784 -> 512 relu -> dropout 0.2 -> 512 relu -> dropout 0.2 -> 10 softmax: 669 706 parameters. */
export const dropoutAnn: Architecture = {
  name: 'dropout-ann',
  title: 'Dropout ANN',
  source:
    "The study gives the name only. This is the form of Keras's own MNIST example (mnist_mlp: two dense layers of 512, relu, dropout 0.2 after each).",
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'dropout-ann',
      layers: [
        layers.dense({ name: 'hidden_1', units: 512, activation: 'relu', inputShape, kernelInitializer }),
        layers.dropout({ name: 'dropout_1', rate: 0.2 }),
        layers.dense({ name: 'hidden_2', units: 512, activation: 'relu', kernelInitializer }),
        layers.dropout({ name: 'dropout_2', rate: 0.2 }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};

/** 784 -> 512 relu -> 512 relu -> 10 softmax: 669 706 parameters. */
export const deepAnn: Architecture = {
  name: 'deep-ann',
  title: 'Deep ANN',
  source: 'The study gives the name only. The dropout ANN without its dropout, so that the two differ in one thing.',
  inputShape,
  build: () => {
    const { layers, sequential } = tensorflow();
    return sequential({
      name: 'deep-ann',
      layers: [
        layers.dense({ name: 'hidden_1', units: 512, activation: 'relu', inputShape, kernelInitializer }),
        layers.dense({ name: 'hidden_2', units: 512, activation: 'relu', kernelInitializer }),
        layers.dense({ name: 'output', units: 10, activation: 'softmax', kernelInitializer }),
      ],
    });
  },
};
