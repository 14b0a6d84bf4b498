import { elementActivations, type ElementActivation } from './activation-functions.ts';
import { noVariables, onlyInput, variableOf, type LayerTwin } from './layer-twin.ts';
import { columnSums, type Tensor64 } from './tensor.ts';

/** An activation of a whole tensor, with the way back. */
export interface Activated {
  readonly output: Tensor64;
  readonly backward: (outputGradient: Float64Array) => Float64Array;
}

/** Applies the activation called `name` (undefined: none) to `input`. */
export function activate(name: unknown, input: Tensor64): Activated {
  if (name === 'softmax') return softmax(input);
  const activation = elementActivations[typeof name === 'string' ? name : 'linear'];
  if (activation === undefined) throw new Error(`the numeric reference has no activation ${String(name)}`);
  return byElement(activation, input);
}

function byElement({ slope, value }: ElementActivation, input: Tensor64): Activated {
  const output = { shape: input.shape, values: input.values.map(value) };
  return {
    output,
    backward: (gradient) => gradient.map((share, i) => share * slope(input.values[i]!, output.values[i]!)),
  };
}

/** Over the last axis. */
function softmax({ shape, values }: Tensor64): Activated {
  const width = shape.at(-1) ?? 1;
  const output = values.slice();
  for (let first = 0; first < values.length; first += width) {
    const row = output.subarray(first, first + width);
    const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    row.forEach((value, i) => (row[i] = Math.exp(value - largest)));
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, i) => (row[i] = value / sum));
  }
  return {
    output: { shape, values: output },
    backward: (gradient) => {
      const result = gradient.slice();
      for (let first = 0; first < values.length; first += width) {
        let dot = 0;
        for (let i = first; i < first + width; i++) dot += gradient[i]! * output[i]!;
        for (let i = first; i < first + width; i++) result[i] = output[i]! * (gradient[i]! - dot);
      }
      return result;
    },
  };
}

function layerOf(activation: (config: Readonly<Record<string, unknown>>, input: Tensor64) => Activated): LayerTwin {
  return (layer) => {
    const { backward, output } = activation(layer.config, onlyInput(layer));
    return { output, backward: (gradient) => ({ inputs: [backward(gradient)], variables: noVariables }) };
  };
}

const leaky = (alpha: number): ElementActivation => ({
  value: (x) => (x > 0 ? x : alpha * x),
  slope: (x) => (x > 0 ? 1 : alpha),
});

/** The layers that are an activation and nothing else. */
export const activationTwins: Readonly<Record<string, LayerTwin>> = {
  Activation: layerOf((config, input) => activate(config['activation'], input)),
  Softmax: layerOf((_, input) => softmax(input)),
  ReLU: layerOf((config, input) => activate(config['maxValue'] === 6 ? 'relu6' : 'relu', input)),
  LeakyReLU: layerOf((config, input) => byElement(leaky(Number(config['alpha'])), input)),
  ELU: layerOf((_, input) => activate('elu', input)),
  PReLU: (layer) => {
    const input = onlyInput(layer);
    const alpha = variableOf(layer, 'alpha').values;
    const slopeAt = (i: number): number => (input.values[i]! > 0 ? 1 : alpha[i % alpha.length]!);
    return {
      output: { shape: input.shape, values: input.values.map((x, i) => x * slopeAt(i)) },
      backward: (gradient) => ({
        inputs: [gradient.map((share, i) => share * slopeAt(i))],
        variables: new Map([
          [
            'alpha',
            columnSums(
              gradient.map((share, i) => share * Math.min(0, input.values[i]!)),
              alpha.length,
            ),
          ],
        ]),
      }),
    };
  },
};
