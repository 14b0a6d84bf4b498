/**
 * The last activation of a model, taken off so that losses can be computed from what goes into it.
 *
 * Cross-entropy of a saturated softmax loses its gradient when the probability is computed first; from the logits it does
 * not. So an engine trains the model without its final softmax or sigmoid, and puts it back where probabilities are wanted.
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

/**
 * Takes a final softmax (over the last axis) or sigmoid off `model`, which the caller owns and which then gives logits, and
 * returns what was taken. Other final activations stay where they are: the head is then linear.
 */
export function takeOutputHead(model: tf.LayersModel): OutputHead {
  const [output] = model.outputs;
  invariant(output !== undefined, 'the model has an output');
  const layer = output.sourceLayer;
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
