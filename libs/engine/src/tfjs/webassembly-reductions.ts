/**
 * Sums and means over several axes, one axis after another.
 *
 * TF.js's WebAssembly kernels add all values of a sum one by one in float32. Over the images and pixels of a batch that loses
 * four digits, and batch normalization turns them into gradients that are wrong in the second digit (1.1e-2 for the batch-norm
 * CNN at 16 examples; 2e-5 this way).
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { tensorOver } from './tensor-over.ts';

const kernelNames = ['Sum', 'Mean'] as const;
let registered = false;

/** Puts these kernels in the place of the back end's own, once. The back end has been started. */
export function registerReductions(): void {
  if (registered) return;
  registered = true;
  const { getKernel, registerKernel, tidy, unregisterKernel, util } = tensorflow();
  for (const kernelName of kernelNames) {
    const original = getKernel(kernelName, 'wasm');
    unregisterKernel(kernelName, 'wasm');
    registerKernel({
      ...original,
      kernelFunc: (call) => {
        const { x } = call.inputs as { readonly x: tf.TensorInfo };
        const { axis, keepDims } = call.attrs as { readonly axis: number | number[]; readonly keepDims: boolean };
        const axes = util.parseAxisParam(axis, x.shape);
        if (axes.length < 2) return original.kernelFunc(call);
        return tidy(() => reduceAxes(kernelName, x, axes, keepDims));
      },
    });
  }
}

/** The last axis first. */
function reduceAxes(
  kernelName: (typeof kernelNames)[number],
  x: tf.TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
): tf.Tensor {
  const { mean, reshape, sum } = tensorflow();
  let reduced = tensorOver(x);
  for (const axis of axes.toSorted((a, b) => b - a)) {
    reduced = kernelName === 'Sum' ? sum(reduced, axis, true) : mean(reduced, axis, true);
  }
  return keepDims
    ? reduced
    : reshape(
        reduced,
        x.shape.filter((_, axis) => !axes.includes(axis)),
      );
}
