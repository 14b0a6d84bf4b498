import { activate } from './activation-twins.ts';
import { onlyInput, variableOf, type LayerTwin } from './layer-twin.ts';
import { addProduct, columnSums, transposed, type Tensor64 } from './tensor.ts';

/** A matrix product with its gradients: rows [rows, inner] times kernel [inner, columns]. */
export function multiply(rows: Float64Array, kernel: Float64Array, inner: number): MatrixProduct {
  const count = rows.length / inner;
  const columns = kernel.length / inner;
  const output = new Float64Array(count * columns);
  addProduct(rows, kernel, output, count, inner);
  return {
    output,
    backward: (gradient) => {
      const forRows = new Float64Array(rows.length);
      addProduct(gradient, transposed(kernel, inner), forRows, count, columns);
      const forKernel = new Float64Array(kernel.length);
      addProduct(transposed(rows, count), gradient, forKernel, inner, count);
      return { rows: forRows, kernel: forKernel };
    },
  };
}

export interface MatrixProduct {
  readonly output: Float64Array;
  backward(gradient: Float64Array): { readonly rows: Float64Array; readonly kernel: Float64Array };
}

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
