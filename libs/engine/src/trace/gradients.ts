/**
 * Gradients that TF.js refuses or gets wrong: convolutions with dilation (TF.js asserts that there is none), in force while a model is
 * traced, and largest and smallest values that occur more than once (TF.js gives each of them the whole gradient), in force in the
 * engines on TF.js too. Nothing else, so that every other gradient is TF.js's own.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

/** Runs `work`, which is synchronous, with `gradients` in the place of TF.js's own. */
export function withGradients<T>(gradients: readonly tf.GradConfig[], work: () => T): T {
  const { getGradient, registerGradient } = tensorflow();
  const replaced = gradients.map(({ kernelName }) => getGradient(kernelName));
  gradients.forEach(registerGradient);
  try {
    return work();
  } finally {
    replaced.forEach(registerGradient);
  }
}

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

/** Equal largest, or smallest, values share the gradient equally, as in TensorFlow. Right for every engine of TF.js too. */
export const extremeGradients: readonly tf.GradConfig[] = ['Max', 'Min'].map((kernelName) => ({
  kernelName,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y], attributes) => {
    if (x === undefined || y === undefined) throw new Error('a largest value saves what it was taken of, and itself');
    return { x: () => sharedGradient(dy as tf.Tensor, x, y, attributes['reductionIndices'] as number | number[]) };
  },
}));

function sharedGradient(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axis: number | number[]): tf.Tensor {
  const { cast, div, equal, mul, reshape, sum, util } = tensorflow();
  const axes = util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((length, index) => (axes.includes(index) ? 1 : length));
  const isExtreme = cast(equal(x, reshape(y, kept)), 'float32');
  return mul(div(isExtreme, sum(isExtreme, axes, true)), reshape(dy, kept));
}

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
