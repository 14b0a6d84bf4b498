import type * as tf from '@tensorflow/tfjs';
import type { JsonObject } from './json.ts';
import { configOf } from './layer-config.ts';
import { leafLayers } from './leaf-layers.ts';

/**
 * The topology of `model` as JSON text: class name and configuration, without versions, so that one model has one text.
 * `loadTopology` of it gives a model with the same text and the same settings, those too that TF.js forgets to write.
 */
export function topologyOf(model: tf.LayersModel): string {
  const layers = leafLayers(model).map(({ layer }) => layer);
  for (const layer of layers) {
    const config = configOf(layer);
    layer.getConfig = () => config;
  }
  try {
    const { class_name, config } = model.toJSON(undefined, false) as JsonObject;
    return JSON.stringify({ class_name, config });
  } finally {
    // Uncovers the method of the class.
    for (const layer of layers) delete (layer as Partial<tf.layers.Layer>).getConfig;
  }
}
