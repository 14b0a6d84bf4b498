/**
 * Gradients that TF.js refuses or gets wrong, in force while a model is traced: convolutions with dilation (TF.js asserts
 * that there is none), and nothing else, so that every other gradient is TF.js's own.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

export const convolutionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: 'Conv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) =>
      bothGradients('Conv2DBackpropInput', 'Conv2DBackpropFilter', dy as tf.Tensor, saved, attributes),
  },
  {
    kernelName: 'DepthwiseConv2dNative',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) =>
      bothGradients(
        'DepthwiseConv2dNativeBackpropInput',
        'DepthwiseConv2dNativeBackpropFilter',
        dy as tf.Tensor,
        saved,
        attributes,
      ),
  },
];

function bothGradients(
  inputKernel: string,
  filterKernel: string,
  dy: tf.Tensor,
  [x, filter]: tf.Tensor[],
  attributes: tf.NamedAttrMap,
): { x: () => tf.Tensor; filter: () => tf.Tensor } {
  const engine = tensorflow().engine();
  if (x === undefined || filter === undefined) throw new Error('a convolution saves its input and its filter');
  return {
    x: () => engine.runKernel(inputKernel, { dy, filter }, { ...attributes, inputShape: x.shape }),
    filter: () => engine.runKernel(filterKernel, { x, dy }, { ...attributes, filterShape: filter.shape }),
  };
}
