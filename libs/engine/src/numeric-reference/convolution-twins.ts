import { activate } from './activation-twins.ts';
import { withBias } from './dense-twin.ts';
import { onlyInput, variableOf, type LayerInputs, type LayerTwin } from './layer-twin.ts';
import { multiply } from './matrix-product.ts';
import { columnSums, elementsOf, type Tensor64 } from './tensor.ts';
import { pairOf, slidingWindow, visitTaps, type SlidingWindow } from './window.ts';

/** A convolution without bias and activation. */
interface Convolution {
  readonly output: Tensor64;
  backward(gradient: Float64Array): { readonly input: Float64Array; readonly kernel: Float64Array };
}

function windowOf({ config }: LayerInputs, input: Tensor64, kernel: Tensor64): SlidingWindow {
  const [height = 1, width = 1] = kernel.shape;
  return slidingWindow(
    input,
    [height, width],
    pairOf(config['strides']),
    config['padding'],
    pairOf(config['dilationRate']),
  );
}

function outputShape({ batch, columns, rows }: SlidingWindow, channels: number): number[] {
  return [batch, rows.output, columns.output, channels];
}

/** The taps of every window side by side ("im2col"), times the kernel as a matrix. */
function convolve(input: Tensor64, kernel: Tensor64, window: SlidingWindow): Convolution {
  const { channels } = window;
  const inner = window.rows.taps * window.columns.taps * channels;
  const shape = outputShape(window, kernel.values.length / inner);
  const seen = new Float64Array((elementsOf(shape) / (shape[3] ?? 1)) * inner);
  visitTaps(window, (output, tap, position) => {
    const pixel = input.values.subarray(position * channels, (position + 1) * channels);
    seen.set(pixel, output * inner + tap * channels);
  });
  const product = multiply(seen, kernel.values, inner);
  return {
    output: { shape, values: product.output },
    backward: (gradient) => {
      const { kernel: forKernel, rows } = product.backward(gradient);
      const forInput = new Float64Array(input.values.length);
      visitTaps(window, (output, tap, position) => {
        for (let c = 0; c < channels; c++) {
          forInput[position * channels + c]! += rows[output * inner + tap * channels + c]!;
        }
      });
      return { input: forInput, kernel: forKernel };
    },
  };
}

/** Each input channel by itself, to `multiplier` output channels: output channel = input channel * multiplier + m. */
function convolveDepthwise(input: Tensor64, kernel: Tensor64, window: SlidingWindow): Convolution {
  const { channels } = window;
  const multiplier = kernel.shape[3] ?? 1;
  const shape = outputShape(window, channels * multiplier);
  const values = new Float64Array(elementsOf(shape));
  const visitElements = (visit: (output: number, weight: number, input: number) => void): void => {
    visitTaps(window, (output, tap, position) => {
      for (let at = 0; at < channels * multiplier; at++) {
        const channel = Math.floor(at / multiplier);
        visit(output * channels * multiplier + at, tap * channels * multiplier + at, position * channels + channel);
      }
    });
  };
  visitElements((output, weight, from) => (values[output]! += kernel.values[weight]! * input.values[from]!));
  return {
    output: { shape, values },
    backward: (gradient) => {
      const forInput = new Float64Array(input.values.length);
      const forKernel = new Float64Array(kernel.values.length);
      visitElements((output, weight, from) => {
        forInput[from]! += kernel.values[weight]! * gradient[output]!;
        forKernel[weight]! += input.values[from]! * gradient[output]!;
      });
      return { input: forInput, kernel: forKernel };
    },
  };
}

/** A layer made of a convolution of one kernel, bias and activation. */
function layerOf(kernelName: string, apply: typeof convolve): LayerTwin {
  return (layer) => {
    const input = onlyInput(layer);
    const kernel = variableOf(layer, kernelName);
    const convolution = apply(input, kernel, windowOf(layer, input, kernel));
    const finish = biasAndActivation(layer, convolution.output);
    return {
      output: finish.output,
      backward: (outputGradient) => {
        const { bias, gradient } = finish.backward(outputGradient);
        const back = convolution.backward(gradient);
        return { inputs: [back.input], variables: new Map([[kernelName, back.kernel], ...bias]) };
      },
    };
  };
}

interface Finish {
  readonly output: Tensor64;
  backward(outputGradient: Float64Array): {
    readonly gradient: Float64Array;
    readonly bias: readonly (readonly [string, Float64Array])[];
  };
}

function biasAndActivation(layer: LayerInputs, { shape, values }: Tensor64): Finish {
  const bias = layer.variables.get('bias');
  const activated = activate(layer.config['activation'], { shape, values: withBias(values, bias) });
  return {
    output: activated.output,
    backward: (outputGradient) => {
      const gradient = activated.backward(outputGradient);
      return { gradient, bias: bias === undefined ? [] : [['bias', columnSums(gradient, bias.values.length)]] };
    },
  };
}

/** Depthwise, then a 1x1 convolution over the channels. */
const separableTwin: LayerTwin = (layer) => {
  const input = onlyInput(layer);
  const depthwiseKernel = variableOf(layer, 'depthwise_kernel');
  const pointwiseKernel = variableOf(layer, 'pointwise_kernel');
  const depthwise = convolveDepthwise(input, depthwiseKernel, windowOf(layer, input, depthwiseKernel));
  const pointwise = convolve(
    depthwise.output,
    pointwiseKernel,
    slidingWindow(depthwise.output, [1, 1], [1, 1], 'valid'),
  );
  const finish = biasAndActivation(layer, pointwise.output);
  return {
    output: finish.output,
    backward: (outputGradient) => {
      const { bias, gradient } = finish.backward(outputGradient);
      const afterPointwise = pointwise.backward(gradient);
      const afterDepthwise = depthwise.backward(afterPointwise.input);
      const variables = new Map([
        ['depthwise_kernel', afterDepthwise.kernel],
        ['pointwise_kernel', afterPointwise.kernel],
        ...bias,
      ]);
      return { inputs: [afterDepthwise.input], variables };
    },
  };
};

/** The convolutional layers. */
export const convolutionTwins: Readonly<Record<string, LayerTwin>> = {
  Conv2D: layerOf('kernel', convolve),
  DepthwiseConv2D: layerOf('depthwise_kernel', convolveDepthwise),
  SeparableConv2D: separableTwin,
};
