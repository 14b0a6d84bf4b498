/**
 * The gradient of average pooling at padded borders.
 *
 * TF.js averages over the part of a window that lies within the image, but its JavaScript and WebAssembly kernels for the
 * gradient divide by the area of the whole window (libtensorflow's do not). Where a layer is padded, the output's gradient is
 * multiplied beforehand by how much the kernel divides too much.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { inTensorScope } from './tensor-scope.ts';
import { tensorOver } from './tensor-over.ts';

type Geometry = ReturnType<typeof tf.backend_util.computePool2DInfo>;

const kernelName = 'AvgPoolGrad';
const corrected = new Set<string>();

/** Corrects the kernel of the back end that TF.js knows as `backendName`, once. The back end has been started. */
export function correctAveragePoolGradient(backendName: 'cpu' | 'wasm'): void {
  if (corrected.has(backendName)) return;
  corrected.add(backendName);
  const { backend_util, getKernel, mul, registerKernel, unregisterKernel } = tensorflow();
  const original = getKernel(kernelName, backendName);
  unregisterKernel(kernelName, backendName);
  registerKernel({
    ...original,
    kernelFunc: (call) => {
      const { dy, input } = call.inputs as { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };
      const attributes = call.attrs as unknown as tf.AvgPoolAttrs;
      const geometry = backend_util.computePool2DInfo(
        input.shape as [number, number, number, number],
        attributes.filterSize,
        attributes.strides,
        1,
        attributes.pad,
      );
      const factors = borderFactors(geometry);
      if (factors === undefined) return original.kernelFunc(call);
      return inTensorScope(() => {
        const { outHeight, outWidth } = geometry;
        const scaled = mul(tensorOver(dy), tensorflow().tensor(factors, [1, outHeight, outWidth, 1], 'float32'));
        return original.kernelFunc({ ...call, inputs: { dy: scaled, input } });
      });
    },
  });
}

/** For each output position, the area of the window over that of its part within the image; undefined where all are 1. */
function borderFactors(geometry: Geometry): Float32Array | undefined {
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth, padInfo } = geometry;
  const within = (first: number, taps: number, length: number): number =>
    Math.min(length, first + taps) - Math.max(0, first);
  const factors = Float32Array.from({ length: outHeight * outWidth }, (_, position) => {
    const row = Math.floor(position / outWidth) * geometry.strideHeight - padInfo.top;
    const column = (position % outWidth) * geometry.strideWidth - padInfo.left;
    const area = within(row, filterHeight, inHeight) * within(column, filterWidth, inWidth);
    return (filterHeight * filterWidth) / area;
  });
  return factors.every((factor) => factor === 1) ? undefined : factors;
}
