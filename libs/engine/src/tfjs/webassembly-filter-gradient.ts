/**
 * The gradient of a convolution's filter, which TF.js's WebAssembly back end lacks: without it no convolutional model trains.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { tensorOver } from './tensor-over.ts';

interface FilterGradientAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** Registers the kernel once; a back end that has one of its own keeps it. */
export function registerFilterGradient(): void {
  const { getKernel, registerKernel } = tensorflow();
  // TF.js's declaration says that a kernel is always found; it is not.
  const present: unknown = getKernel('Conv2DBackpropFilter', 'wasm');
  if (present !== undefined && present !== null) return;
  registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { readonly x: tf.TensorInfo; readonly dy: tf.TensorInfo };
      return filterGradient(x, dy, attrs as unknown as FilterGradientAttributes);
    },
  });
}

/** For each tap of the window, the inputs it saw times the output gradients: [window, inputs, outputs] (NHWC, HWIO). */
function filterGradient(x: tf.TensorInfo, dy: tf.TensorInfo, attributes: FilterGradientAttributes): tf.Tensor {
  const { backend_util, concat, matMul, pad, reshape, stridedSlice, tidy } = tensorflow();
  const { dimRoundingMode, filterShape, strides } = attributes;
  const geometry = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filterShape,
    strides,
    1,
    attributes.pad,
    dimRoundingMode,
  );
  const { batchSize, filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth } = geometry;
  const { padInfo, strideHeight, strideWidth } = geometry;
  const rows = batchSize * outHeight * outWidth;
  return tidy(() => {
    const input = tensorOver(x) as tf.Tensor4D;
    const padded = pad(input, [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const seenByTap: tf.Tensor2D[] = [];
    for (let row = 0; row < filterHeight; row++) {
      for (let column = 0; column < filterWidth; column++) {
        const seen = stridedSlice(
          padded,
          [0, row, column, 0],
          [batchSize, row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1, inChannels],
          [1, strideHeight, strideWidth, 1],
        );
        seenByTap.push(reshape(seen, [rows, inChannels]));
      }
    }
    const gradient = reshape(tensorOver(dy), [rows, outChannels]);
    return reshape(matMul(concat(seenByTap, 1), gradient, true, false), filterShape);
  });
}
