import { activate } from './activation-twins.ts';
import { onlyInput, variableOf, type LayerTwin } from './layer-twin.ts';
import { multiply } from './matrix-product.ts';
import { columnSums, type Tensor64 } from './tensor.ts';

/** `values` with `bias` added to each row; as they are where there is no bias. */
export function withBias(values: Float64Array, bias: Tensor64 | undefined): Float64Array {
  if (bias === undefined) return values;
  const width = bias.values.length;
  return values.map((value, i) => value + bias.values[i % width]!);
}

/** Dense: activation(input x kernel + bias) over the last axis. */
export const denseTwin: LayerTwin = (layer) => {
  const input = onlyInput(layer);
  const kernel = variableOf(layer, 'kernel');
  const bias = layer.variables.get('bias');
  const [inner = 1, units = 1] = kernel.shape;
  const product = multiply(input.values, kernel.values, inner);
  const shape = [...input.shape.slice(0, -1), units];
  const activated = activate(layer.config['activation'], { shape, values: withBias(product.output, bias) });
  return {
    output: activated.output,
    backward: (outputGradient) => {
      const gradient = activated.backward(outputGradient);
      const { kernel: forKernel, rows } = product.backward(gradient);
      const variables = new Map([['kernel', forKernel]]);
      if (bias !== undefined) variables.set('bias', columnSums(gradient, units));
      return { inputs: [rows], variables };
    },
  };
};
