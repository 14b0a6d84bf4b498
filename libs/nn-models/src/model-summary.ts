import type * as tf from '@tensorflow/tfjs';

/** One line of a model's summary. */
export interface LayerSummary {
  readonly layer: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly kind: string;
  /** Shape of one example's output. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/** What a model is made of. */
export interface ModelSummary {
  /** Shapes of one example. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly layers: readonly LayerSummary[];
  readonly trainableParameters: number;
  /** All parameters, moving averages included. */
  readonly parameters: number;
}

/** The layers of `model` in order, nested models as one line, with their output shapes and parameter counts. */
export function summaryOf(model: tf.LayersModel): ModelSummary {
  return {
    inputShape: singleShape(model.inputs[0]?.shape ?? []),
    outputShape: singleShape(model.outputs[0]?.shape ?? []),
    layers: model.layers.map((layer) => ({
      layer: layer.name,
      kind: layer.getClassName(),
      outputShape: singleShape(layer.outputShape),
      parameters: layer.countParams(),
    })),
    trainableParameters: count(model.trainableWeights),
    parameters: count(model.weights),
  };
}

/** The shape without the batch; that of the first output where there are several. */
function singleShape(shape: tf.Shape | tf.Shape[]): number[] {
  const [first] = shape;
  const single = (Array.isArray(first) ? first : shape) as tf.Shape;
  return single.slice(1).map((dimension) => dimension ?? 0);
}

function count(variables: tf.LayersModel['weights']): number {
  return variables.reduce((sum, { shape }) => sum + shape.reduce<number>((n, size) => n * (size ?? 1), 1), 0);
}
