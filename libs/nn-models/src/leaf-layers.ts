import type * as tf from '@tensorflow/tfjs';

/** A layer that holds no other layers, with the path of names that leads to it: `block_1/conv`. */
export interface LeafLayer {
  readonly path: string;
  readonly layer: tf.layers.Layer;
}

/** The layers of `model` in order, those of nested models in the place of the nested model. */
export function leafLayers(model: tf.LayersModel, prefix = ''): LeafLayer[] {
  return model.layers.flatMap((layer) => {
    const path = `${prefix}${layer.name}`;
    return 'layers' in layer ? leafLayers(layer as tf.LayersModel, `${path}/`) : [{ path, layer }];
  });
}
