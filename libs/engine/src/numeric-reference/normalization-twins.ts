import { noVariables, onlyInput, variableOf, type LayerInputs, type LayerTwin } from './layer-twin.ts';
import { columnSums } from './tensor.ts';

/**
 * Normalizes groups of elements to mean 0 and variance 1: `groupOf(i)` is the group of element i, of `groups` groups. The
 * variance is the biased one.
 */
function normalize(values: Float64Array, groupOf: (at: number) => number, groups: number, epsilon: number): Normalized {
  const size = values.length / groups;
  const means = new Float64Array(groups);
  const variances = new Float64Array(groups);
  values.forEach((value, at) => (means[groupOf(at)]! += value / size));
  values.forEach((value, at) => (variances[groupOf(at)]! += (value - means[groupOf(at)]!) ** 2 / size));
  const output = values.map(
    (value, at) => (value - means[groupOf(at)]!) / Math.sqrt(variances[groupOf(at)]! + epsilon),
  );
  return {
    output,
    means,
    variances,
    backward: (gradient) => {
      const sums = new Float64Array(groups);
      const products = new Float64Array(groups);
      gradient.forEach((share, at) => {
        sums[groupOf(at)]! += share / size;
        products[groupOf(at)]! += (share * output[at]!) / size;
      });
      return gradient.map((share, at) => {
        const group = groupOf(at);
        return (share - sums[group]! - output[at]! * products[group]!) / Math.sqrt(variances[group]! + epsilon);
      });
    },
  };
}

interface Normalized {
  readonly output: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
  backward(gradient: Float64Array): Float64Array;
}

/** gamma * normalized + beta over the last axis, with all gradients. */
function scaled(
  layer: LayerInputs,
  { backward, output }: Pick<Normalized, 'output' | 'backward'>,
): ReturnType<LayerTwin> {
  const { shape } = onlyInput(layer);
  const width = shape.at(-1) ?? 1;
  const gamma = layer.variables.get('gamma')?.values ?? new Float64Array(width).fill(1);
  const beta = layer.variables.get('beta')?.values ?? new Float64Array(width);
  return {
    output: { shape, values: output.map((value, at) => gamma[at % width]! * value + beta[at % width]!) },
    backward: (gradient) => {
      const variables = new Map(noVariables);
      if (layer.variables.has('gamma')) {
        variables.set(
          'gamma',
          columnSums(
            gradient.map((share, at) => share * output[at]!),
            width,
          ),
        );
      }
      if (layer.variables.has('beta')) variables.set('beta', columnSums(gradient, width));
      return { inputs: [backward(gradient.map((share, at) => share * gamma[at % width]!))], variables };
    },
  };
}

/** Batch normalization over the last axis: by the statistics of the batch in training, by moving averages in inference. */
const batchNormalizationTwin: LayerTwin = (layer) => {
  const { shape, values } = onlyInput(layer);
  const width = shape.at(-1) ?? 1;
  const epsilon = Number(layer.config['epsilon']);
  const mean = variableOf(layer, 'moving_mean').values;
  const variance = variableOf(layer, 'moving_variance').values;
  if (!layer.training) {
    const deviation = (at: number): number => Math.sqrt(variance[at % width]! + epsilon);
    const output = values.map((value, at) => (value - mean[at % width]!) / deviation(at));
    return scaled(layer, { output, backward: (gradient) => gradient.map((share, at) => share / deviation(at)) });
  }
  const normalized = normalize(values, (at) => at % width, width, epsilon);
  const decay = 1 - Number(layer.config['momentum']);
  const towards = (moving: Float64Array, batch: Float64Array): Float64Array =>
    moving.map((value, at) => value - (value - batch[at]!) * decay);
  return {
    ...scaled(layer, normalized),
    nextState: new Map([
      ['moving_mean', towards(mean, normalized.means)],
      ['moving_variance', towards(variance, normalized.variances)],
    ]),
  };
};

/** Layer normalization over the last axis. */
const layerNormalizationTwin: LayerTwin = (layer) => {
  const { shape, values } = onlyInput(layer);
  const width = shape.at(-1) ?? 1;
  const rowOf = (at: number): number => Math.floor(at / width);
  return scaled(layer, normalize(values, rowOf, values.length / width, Number(layer.config['epsilon'])));
};

/** The normalizing layers, over the last axis. */
export const normalizationTwins: Readonly<Record<string, LayerTwin>> = {
  BatchNormalization: batchNormalizationTwin,
  LayerNormalization: layerNormalizationTwin,
};
