import { noVariables, onlyInput, type LayerInputs, type LayerTwin } from './layer-twin.ts';
import { elementsOf, type Tensor64 } from './tensor.ts';
import { pairOf, slidingWindow, visitTaps, type SlidingWindow } from './window.ts';

/** The first of equal largest values of a window gets the whole gradient. */
function maximumOf(input: Tensor64, window: SlidingWindow, shape: readonly number[]): ReturnType<LayerTwin> {
  const { channels } = window;
  const chosen = new Int32Array(elementsOf(shape)).fill(-1);
  visitTaps(window, (output, _, position) => {
    for (let c = 0; c < channels; c++) {
      const at = output * channels + c;
      const candidate = position * channels + c;
      if (chosen[at]! < 0 || input.values[candidate]! > input.values[chosen[at]!]!) chosen[at] = candidate;
    }
  });
  return {
    output: { shape, values: Float64Array.from(chosen, (at) => input.values[at]!) },
    backward: (gradient) => {
      const forInput = new Float64Array(input.values.length);
      chosen.forEach((at, output) => (forInput[at]! += gradient[output]!));
      return { inputs: [forInput], variables: noVariables };
    },
  };
}

/** Equal largest values of an image share the gradient equally. */
function sharedMaximumOf(input: Tensor64, window: SlidingWindow, shape: readonly number[]): ReturnType<LayerTwin> {
  const { channels } = window;
  const values = new Float64Array(elementsOf(shape)).fill(-Infinity);
  const counts = new Float64Array(values.length);
  const visit = (at: (output: number, candidate: number) => void): void => {
    visitTaps(window, (output, _, position) => {
      for (let c = 0; c < channels; c++) at(output * channels + c, position * channels + c);
    });
  };
  visit((output, candidate) => (values[output] = Math.max(values[output]!, input.values[candidate]!)));
  visit((output, candidate) => (counts[output]! += Number(input.values[candidate] === values[output])));
  return {
    output: { shape, values },
    backward: (gradient) => {
      const forInput = new Float64Array(input.values.length);
      visit((output, candidate) => {
        if (input.values[candidate] === values[output]) forInput[candidate] = gradient[output]! / counts[output]!;
      });
      return { inputs: [forInput], variables: noVariables };
    },
  };
}

/** The mean of the values of a window that lie within the image. */
function averageOf(input: Tensor64, window: SlidingWindow, shape: readonly number[]): ReturnType<LayerTwin> {
  const { channels } = window;
  const counts = new Float64Array(elementsOf(shape) / channels);
  visitTaps(window, (output) => counts[output]!++);
  const values = new Float64Array(elementsOf(shape));
  visitTaps(window, (output, _, position) => {
    for (let c = 0; c < channels; c++) {
      values[output * channels + c]! += input.values[position * channels + c]! / counts[output]!;
    }
  });
  return {
    output: { shape, values },
    backward: (gradient) => {
      const forInput = new Float64Array(input.values.length);
      visitTaps(window, (output, _, position) => {
        for (let c = 0; c < channels; c++) {
          forInput[position * channels + c]! += gradient[output * channels + c]! / counts[output]!;
        }
      });
      return { inputs: [forInput], variables: noVariables };
    },
  };
}

function windowed(pool: typeof maximumOf): LayerTwin {
  return (layer: LayerInputs) => {
    const input = onlyInput(layer);
    const { config } = layer;
    const size = pairOf(config['poolSize'], 2);
    const window = slidingWindow(input, size, pairOf(config['strides'] ?? size), config['padding']);
    return pool(input, window, [window.batch, window.rows.output, window.columns.output, window.channels]);
  };
}

function global(pool: typeof maximumOf): LayerTwin {
  return (layer: LayerInputs) => {
    const input = onlyInput(layer);
    const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
    return pool(input, slidingWindow(input, [height, width], [1, 1], 'valid'), [batch, channels]);
  };
}

/** The pooling layers over images. */
export const poolingTwins: Readonly<Record<string, LayerTwin>> = {
  MaxPooling2D: windowed(maximumOf),
  AveragePooling2D: windowed(averageOf),
  GlobalMaxPooling2D: global(sharedMaximumOf),
  GlobalAveragePooling2D: global(averageOf),
};
