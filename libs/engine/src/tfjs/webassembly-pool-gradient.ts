/**
 * The gradient of max-pooling with ties as everywhere else: the first of equal values in row-major order gets it.
 *
 * TF.js's WebAssembly kernel gives it to the last one. Ties are common (flat image areas, zeros after relu), so with that
 * kernel a gradient of a normalized network differs from the reference by its own size.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Geometry = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/** Puts this kernel in the place of the back end's own. The back end has been started. */
export function registerPoolGradient(): void {
  const { registerKernel, unregisterKernel } = tensorflow();
  unregisterKernel('MaxPoolGrad', 'wasm');
  registerKernel({
    kernelName: 'MaxPoolGrad',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { dy, input } = inputs as { readonly dy: tf.TensorInfo; readonly input: tf.TensorInfo };
      return poolGradient(input, dy, attrs as unknown as PoolAttributes);
    },
  });
}

function poolGradient(input: tf.TensorInfo, dy: tf.TensorInfo, attributes: PoolAttributes): tf.Tensor {
  const { backend_util, engine, tensor } = tensorflow();
  const geometry = backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    attributes.filterSize,
    attributes.strides,
    1,
    attributes.pad,
    attributes.dimRoundingMode,
  );
  const values = engine().readSync(input.dataId) as Float32Array;
  const gradient = engine().readSync(dy.dataId) as Float32Array;
  const result = new Float32Array(values.length);
  gradient.forEach((share, output) => {
    const at = firstMaximum(values, geometry, output);
    result[at] = (result[at] ?? 0) + share;
  });
  return tensor(result, input.shape, 'float32');
}

/** Where in `values` (NHWC) the largest value of the window of output element `output` is; the first of equal ones. */
function firstMaximum(values: Float32Array, geometry: Geometry, output: number): number {
  const { inChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = geometry;
  const channel = output % inChannels;
  const position = Math.floor(output / inChannels);
  const column = (position % outWidth) * geometry.strideWidth - padInfo.left;
  const row = (Math.floor(position / outWidth) % outHeight) * geometry.strideHeight - padInfo.top;
  const image = Math.floor(position / (outWidth * outHeight)) * inHeight;
  let best = -1;
  for (let r = Math.max(0, row); r < Math.min(inHeight, row + geometry.filterHeight); r++) {
    for (let c = Math.max(0, column); c < Math.min(inWidth, column + geometry.filterWidth); c++) {
      const at = ((image + r) * inWidth + c) * inChannels + channel;
      if (best < 0 || (values[at] ?? 0) > (values[best] ?? 0)) best = at;
    }
  }
  return best;
}
