import type * as tf from '@tensorflow/tfjs';
import { invariant } from '@weft/core';
import { leafLayers, type LeafLayer } from './leaf-layers.ts';
import { layOut, type ParameterLayout } from './parameter-layout.ts';

/** One variable of a model with the layer that made it. */
export interface ModelVariable extends LeafLayer {
  /** Name within the layer: `kernel`, `bias`, `moving_mean`. */
  readonly shortName: string;
  readonly variable: tf.LayersModel['weights'][number];
  readonly trainable: boolean;
}

/**
 * The variables of `model` in layout order: `model.trainableWeights`, then `model.nonTrainableWeights`. Names come from the
 * layers, not from TF.js's variables, whose names carry a count of what the process made before.
 */
export function variablesOf(model: tf.LayersModel): ModelVariable[] {
  const owners = new Map<ModelVariable['variable'], LeafLayer>();
  for (const leaf of leafLayers(model)) {
    for (const variable of leaf.layer.weights) owners.set(variable, leaf);
  }
  const described = (variable: ModelVariable['variable'], trainable: boolean): ModelVariable => {
    const owner = owners.get(variable);
    invariant(owner !== undefined, `variable ${variable.originalName} belongs to no layer`);
    return { ...owner, variable, trainable, shortName: variable.originalName.split('/').at(-1) ?? '' };
  };
  return [
    ...model.trainableWeights.map((variable) => described(variable, true)),
    ...model.nonTrainableWeights.map((variable) => described(variable, false)),
  ];
}

/** Where each variable of `model` lies in the flat parameter buffer, named `layer/kernel`. */
export function layoutOf(model: tf.LayersModel): ParameterLayout {
  return layOut(
    variablesOf(model).map(({ path, shortName, variable, trainable }) => ({
      name: `${path}/${shortName}`,
      shape: variable.shape.map((dimension) => dimension ?? 1),
      trainable,
    })),
  );
}
