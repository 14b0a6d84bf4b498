import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { modelDifference } from './model-difference.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

/**
 * `topologyOf(model)`, after a look at the model that comes back from it: for models that others wrote, which may hold a setting
 * that TF.js reads and does not write. Throws a `WeftError`: 'incompatible' where another model comes back (`origin` names this
 * one), else what `loadTopology` throws.
 */
export async function faithfulTopology(model: tf.LayersModel, origin: string): Promise<string> {
  const text = topologyOf(model);
  const again = await loadTopology(text, origin);
  const difference = modelDifference(model, again);
  again.dispose();
  if (difference === undefined) return text;
  throw new WeftError(
    'incompatible',
    `${origin} cannot be handed to trainers as it is: TF.js writes another model, in which ${difference}`,
  );
}
