import type * as tf from '@tensorflow/tfjs';

/** A layer's settings, by TF.js's own names. */
export type LayerConfig = ReturnType<tf.layers.Layer['getConfig']>;

/** Settings that layers hold and that `getConfig` leaves out or writes wrongly. */
interface ForgottenSettings {
  readonly depthMultiplier: number;
  readonly dataFormat: string;
  readonly dilationRate: number[];
  readonly depthwiseConstraint: { getClassName(): string; getConfig(): LayerConfig } | null;
}

/**
 * The settings of `layer`, a fresh object: `layer.getConfig()` with what TF.js 4.22 forgets there. `SeparableConv2D` loses its
 * depth multiplier, `Conv1D` its data format and `Conv2DTranspose` its dilation (each is added where it is not the default),
 * and `DepthwiseConv2D` writes its regularizer in place of its constraint.
 */
export function configOf(layer: tf.layers.Layer): LayerConfig {
  const config = { ...layer.getConfig() };
  const held = layer as unknown as ForgottenSettings;
  switch (layer.getClassName()) {
    case 'SeparableConv2D':
      return held.depthMultiplier === 1 ? config : { ...config, depthMultiplier: held.depthMultiplier };
    case 'Conv1D':
      return held.dataFormat === 'channelsLast' ? config : { ...config, dataFormat: held.dataFormat };
    case 'Conv2DTranspose':
      return held.dilationRate.every((rate) => rate === 1) ? config : { ...config, dilationRate: held.dilationRate };
    case 'DepthwiseConv2D': {
      const constraint = held.depthwiseConstraint;
      const written = constraint && { className: constraint.getClassName(), config: constraint.getConfig() };
      return { ...config, depthwiseConstraint: written };
    }
    default:
      return config;
  }
}
