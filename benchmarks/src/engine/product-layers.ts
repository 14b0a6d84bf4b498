import { WeftError } from '@weft/core';
import { leafLayers } from '@weft/nn-models';
import type { ProductLayer } from './flop-count.ts';

/** A layers model of TF.js. */
type Model = Parameters<typeof leafLayers>[0];

/** Layers whose work is not counted. */
const uncounted = new Set(['InputLayer', 'Flatten', 'Dropout', 'Activation', 'MaxPooling2D', 'BatchNormalization']);

/** The dense and convolution layers of `model`. Throws 'incompatible' for a layer of which it is not known what it multiplies. */
export function productLayers(model: Model): ProductLayer[] {
  return leafLayers(model).flatMap(({ path, layer }) => {
    const kind = layer.getClassName();
    if (uncounted.has(kind)) return [];
    if (kind !== 'Dense' && kind !== 'Conv2D') {
      throw new WeftError('incompatible', `layer "${path}": the operations of a ${kind} layer are not counted here`);
    }
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('kernel'));
    const output = layer.outputShape as readonly (number | null)[];
    return [{ kernelSize: productOf(kernel?.shape ?? []), positions: productOf(output.slice(1, -1)) }];
  });
}

function productOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1);
}
