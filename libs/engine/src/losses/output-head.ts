/**
 * The last activation of a model, taken off so that losses can be computed from what goes into it.
 *
 * Cross-entropy of a saturated softmax loses its gradient when the probability is computed first; from the logits it does
 * not. So an engine trains the model without its final softmax or sigmoid, and puts it back where probabilities are wanted.
 *
 * What is taken off is a property of the layer, so it goes from every place where the layer is used. A layer that the model
 * calls more than once therefore keeps its activation.
 */
import type * as tf from '@tensorflow/tfjs';
import { invariant } from '@weft/core';
import { tensorflow } from '@weft/nn-models';

/** What turns the output of a model without its last activation into its output: nothing where the head is linear. */
export type OutputHead = 'softmax' | 'sigmoid' | 'linear';

/** A layer's parts that may be changed on an instance that the engine owns. */
interface OpenLayer {
  activation?: unknown;
  call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[];
}

/** The calls that make up a model's graph, by key: a layer may have others, of models that it was also part of. */
interface OpenModel {
  readonly containerNodes: ReadonlySet<string>;
}

/**
 * Takes a final softmax (over the last axis) or sigmoid off `model`, which the caller owns and which then gives logits, and
 * returns what was taken. Other final activations stay where they are, and so do those of a last layer (or nested model) that
 * `model` calls more than once: the head is then linear.
 */
export function takeOutputHead(model: tf.LayersModel): OutputHead {
  const [output, ...others] = model.outputs;
  invariant(output !== undefined, 'the model has an output');
  const layer = output.sourceLayer;
  // Of a nested model with several outputs, any may be the one that counts, and any may lead to another.
  if (others.length > 0 || callsOf(layer, model) > 1) return 'linear';
  if ('outputs' in layer) return takeOutputHead(layer as tf.LayersModel);
  const config = layer.getConfig();
  const kind = layer.getClassName();
  const open = layer as unknown as OpenLayer;
  if (kind === 'Softmax') {
    const lastAxis = output.shape.length - 1;
    if (config['axis'] !== undefined && config['axis'] !== -1 && config['axis'] !== lastAxis) return 'linear';
    open.call = (inputs) => inputs;
    return 'softmax';
  }
  const head = config['activation'];
  if (head !== 'softmax' && head !== 'sigmoid') return 'linear';
  if (kind === 'Activation') open.call = (inputs) => inputs;
  else open.activation = linearActivation();
  return head;
}

/** How often `model` calls `layer`. TF.js keys a call by the layer's name and the call's number among all of the layer's. */
function callsOf(layer: tf.layers.Layer, model: tf.LayersModel): number {
  const { containerNodes } = model as unknown as OpenModel;
  return layer.inboundNodes.filter((_, call) => containerNodes.has(`${layer.name}_ib-${String(call)}`)).length;
}

/** The output of the whole model, from what it gives without its head. */
export function applyHead(head: OutputHead, logits: tf.Tensor): tf.Tensor {
  const { sigmoid, softmax } = tensorflow();
  if (head === 'softmax') return softmax(logits);
  return head === 'sigmoid' ? sigmoid(logits) : logits;
}

function linearActivation(): unknown {
  const layer: { activation?: unknown } = tensorflow().layers.activation({ activation: 'linear' });
  return layer.activation;
}
