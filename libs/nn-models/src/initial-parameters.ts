import type * as tf from '@tensorflow/tfjs';
import { invariant, PhiloxStream, WeftError } from '@weft/core';
import { parseInitializer, type InitializerConfig } from './initializer-config.ts';
import { fillInitial } from './initializer.ts';
import { layoutOf, variablesOf, type ModelVariable } from './model-layout.ts';

/**
 * The first values of all variables of `model`, in layout order, a fresh buffer.
 *
 * Exact: a function of the topology and of `seed` (an integer in [0, 2^48)) alone. Variable number i of the layout draws from
 * the Philox stream (seed, 'initializer', i), by the initializer that its layer's configuration names; seeds within that
 * configuration and the values that TF.js gave the model play no part. Throws a `WeftError` ('incompatible') where an
 * initializer is not supported.
 */
export function initialParameters(model: tf.LayersModel, seed: number): Float32Array {
  const layout = layoutOf(model);
  const values = new Float32Array(layout.size);
  variablesOf(model).forEach((variable, ordinal) => {
    const entry = layout.entries[ordinal];
    invariant(entry !== undefined, 'the layout has an entry for each variable');
    const initializer = parseInitializer(initializerOf(variable), `"${entry.name}"`);
    const stream = new PhiloxStream(seed, 'initializer', ordinal);
    fillInitial(initializer, entry.shape, stream, values.subarray(entry.offset, entry.offset + entry.length));
  });
  return values;
}

/** The initializer in the layer's configuration: `kernelInitializer` for `kernel`, `depthwiseInitializer` for `depthwise_kernel`. */
function initializerOf({ layer, path, shortName }: ModelVariable): InitializerConfig {
  const stem = shortName === 'kernel' ? shortName : shortName.replace(/_kernel$/, '');
  const key = `${stem.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}Initializer`;
  const config = layer.getConfig()[key];
  if (typeof config !== 'object' || config === null || !('className' in config)) {
    throw new WeftError(
      'incompatible',
      `layer "${path}" (${layer.getClassName()}) names no initializer for its variable "${shortName}"; the layer is not supported`,
    );
  }
  return config as unknown as InitializerConfig;
}
