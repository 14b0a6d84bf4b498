/**
 * Where each variable of a model lies in one flat float32 buffer.
 *
 * Trainable variables come first, in the order of `model.trainableWeights`; then state (moving averages), in the order of
 * `model.nonTrainableWeights`. The same buffer order is used for parameters, gradients, optimizer slots, checkpoints and
 * the wire.
 */

/** One variable of a model. */
export interface ParameterEntry {
  /** Name of the variable with its layer, unique in the model: `dense_1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** First element in the flat buffer, in elements. */
  readonly offset: number;
  /** Elements. */
  readonly length: number;
  readonly trainable: boolean;
}

/** The flat layout of a model's variables. */
export interface ParameterLayout {
  readonly entries: readonly ParameterEntry[];
  /** Elements of trainable variables: the length of a gradient. */
  readonly trainableSize: number;
  /** Elements of all variables: the length of the parameter buffer. */
  readonly size: number;
}

/** Lays out variables, trainable ones first, each group in the order given. */
export function layOut(
  variables: readonly { readonly name: string; readonly shape: readonly number[]; readonly trainable: boolean }[],
): ParameterLayout {
  const entries: ParameterEntry[] = [];
  let offset = 0;
  let trainableSize = 0;
  for (const trainable of [true, false]) {
    for (const variable of variables.filter((candidate) => candidate.trainable === trainable)) {
      const length = variable.shape.reduce((product, dimension) => product * dimension, 1);
      entries.push({ name: variable.name, shape: [...variable.shape], offset, length, trainable });
      offset += length;
    }
    if (trainable) trainableSize = offset;
  }
  return { entries, trainableSize, size: offset };
}
