/**
 * A model in float64: what engines are compared with. Plain loops over plain numbers, written from the layers' definitions.
 */
import type * as tf from '@tensorflow/tfjs';
import { layoutOf, variablesOf } from '@weft/nn-models';
import type { LossName } from '../engine.ts';
import { activationTwins } from './activation-twins.ts';
import { convolutionTwins } from './convolution-twins.ts';
import { denseTwin } from './dense-twin.ts';
import type { LayerPass, LayerTwin } from './layer-twin.ts';
import { lossOf } from './loss-twin.ts';
import { normalizationTwins } from './normalization-twins.ts';
import { poolingTwins } from './pooling-twins.ts';
import { shapeTwins } from './shape-twins.ts';
import type { Tensor64 } from './tensor.ts';

const twins: Readonly<Record<string, LayerTwin>> = {
  Dense: denseTwin,
  ...activationTwins,
  ...convolutionTwins,
  ...normalizationTwins,
  ...poolingTwins,
  ...shapeTwins,
};

/** One chunk of examples for the reference. */
export interface ReferenceRequest {
  readonly loss: LossName;
  /** Inputs as the model sees them: [count, ...], row-major. */
  readonly inputs: Float32Array | Float64Array;
  readonly targets: Int32Array | Float32Array;
  readonly count: number;
  /** In layout order. */
  readonly parameters: Float32Array | Float64Array;
  readonly training: boolean;
  /** The mask of the dropout layer number `layer`. */
  mask(layer: number, rate: number, length: number): Uint8Array;
}

/** What the port asks of one chunk, in float64. */
export interface ReferenceResult {
  readonly loss: number;
  readonly correct: number;
  /** Gradient, then `count` times the next value of each state variable, in layout order. */
  readonly contribution: Float64Array;
  readonly output: Float64Array;
}

interface Visit {
  readonly pass: LayerPass;
  /** What the layer gave. */
  readonly tensor: tf.SymbolicTensor;
}

/** Loss, gradient and next state of one chunk. Layers are used once each and are not nested. */
export function referencePass(model: tf.LayersModel, request: ReferenceRequest): ReferenceResult {
  const variables = variablesByLayer(model, request.parameters);
  const outputs = new Map<tf.SymbolicTensor, Tensor64>();
  const visits: Visit[] = [];
  let dropoutLayers = 0;
  const visit = (tensor: tf.SymbolicTensor): Tensor64 => {
    const known = outputs.get(tensor);
    if (known !== undefined) return known;
    const layer = tensor.sourceLayer;
    const result =
      layer.getClassName() === 'InputLayer'
        ? inputOf(tensor, request)
        : visitLayer(layer, tensor.inputs.map(visit), tensor);
    outputs.set(tensor, result);
    return result;
  };
  const visitLayer = (layer: tf.layers.Layer, inputs: Tensor64[], tensor: tf.SymbolicTensor): Tensor64 => {
    const twin = twins[layer.getClassName()];
    if (twin === undefined) throw new Error(`the numeric reference has no layer ${layer.getClassName()}`);
    const pass = twin({
      inputs,
      variables: variables.get(layer) ?? new Map(),
      config: layer.getConfig(),
      training: request.training,
      mask: (rate, length) => request.mask(dropoutLayers++, rate, length),
    });
    visits.push({ pass, tensor });
    return pass.output;
  };
  const [output] = model.outputs;
  if (output === undefined) throw new Error('the model has no output');
  const result = visit(output);
  const { correct, gradient, loss } = lossOf(request.loss, result, request.targets, marginOf(request.loss, output));
  return {
    loss,
    correct,
    contribution: backwards(model, visits, output, gradient, request.count),
    output: result.values,
  };
}

/** Goes back through the layers, last first, and lays out what they give. */
function backwards(
  model: tf.LayersModel,
  visits: readonly Visit[],
  output: tf.SymbolicTensor,
  lossGradient: Float64Array,
  count: number,
): Float64Array {
  const gradients = new Map([[output.id, lossGradient]]);
  const byLayer = new Map<tf.layers.Layer, ReadonlyMap<string, Float64Array>>();
  for (const { pass, tensor } of visits.toReversed()) {
    const arriving = gradients.get(tensor.id);
    if (arriving === undefined) throw new Error(`no gradient arrives at ${tensor.name}`);
    const { inputs, variables } = pass.backward(arriving);
    const states = [...(pass.nextState ?? [])].map(([name, state]) => [name, state.map((v) => v * count)] as const);
    byLayer.set(tensor.sourceLayer, new Map([...variables, ...states]));
    tensor.inputs.forEach((source, i) => {
      const before = gradients.get(source.id);
      const share = inputs[i]!;
      gradients.set(source.id, before === undefined ? share : before.map((value, at) => value + share[at]!));
    });
  }
  const layout = layoutOf(model);
  const contribution = new Float64Array(layout.size);
  variablesOf(model).forEach(({ layer, shortName }, ordinal) => {
    const values = byLayer.get(layer)?.get(shortName);
    if (values !== undefined) contribution.set(values, layout.entries[ordinal]!.offset);
  });
  return contribution;
}

function variablesByLayer(
  model: tf.LayersModel,
  parameters: Float32Array | Float64Array,
): Map<tf.layers.Layer, Map<string, Tensor64>> {
  const layout = layoutOf(model);
  const byLayer = new Map<tf.layers.Layer, Map<string, Tensor64>>();
  variablesOf(model).forEach(({ layer, shortName }, ordinal) => {
    const { length, offset, shape } = layout.entries[ordinal]!;
    const known = byLayer.get(layer) ?? new Map<string, Tensor64>();
    byLayer.set(
      layer,
      known.set(shortName, { shape, values: Float64Array.from(parameters.subarray(offset, offset + length)) }),
    );
  });
  return byLayer;
}

function inputOf(tensor: tf.SymbolicTensor, { count, inputs }: ReferenceRequest): Tensor64 {
  return { shape: [count, ...tensor.shape.slice(1).map((size) => size ?? 1)], values: Float64Array.from(inputs) };
}

/** Keras clips probabilities at 1e-7; behind the activation that belongs to the loss, the stable form clips nothing. */
function marginOf(loss: LossName, output: tf.SymbolicTensor): number {
  const layer = output.sourceLayer;
  const activation = layer.getClassName() === 'Softmax' ? 'softmax' : layer.getConfig()['activation'];
  const own = loss === 'categoricalCrossentropy' ? 'softmax' : 'sigmoid';
  return activation === own ? 0 : 1e-7;
}
