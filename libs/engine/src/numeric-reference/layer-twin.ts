import type { Tensor64 } from './tensor.ts';

/** What a twin of a layer computes from. */
export interface LayerInputs {
  readonly inputs: readonly Tensor64[];
  /** The layer's variables by their short names: `kernel`, `bias`, `moving_mean`. */
  readonly variables: ReadonlyMap<string, Tensor64>;
  /** The layer's configuration, as `layer.getConfig()` gives it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly training: boolean;
  /** The dropout mask of the layer, 1 where an element is kept. */
  mask(rate: number, length: number): Uint8Array;
}

/** Gradients of the loss with respect to what a layer read. */
export interface LayerGradients {
  readonly inputs: readonly Float64Array[];
  /** By the short names of variables; state variables have none. */
  readonly variables: ReadonlyMap<string, Float64Array>;
}

/** What a layer gave, how to go back through it, and the state that a training step leaves in it. */
export interface LayerPass {
  readonly output: Tensor64;
  readonly nextState?: ReadonlyMap<string, Float64Array>;
  backward(outputGradient: Float64Array): LayerGradients;
}

/**
 * A layer in float64, forward and backward, written from its definition: no code is shared with an engine, so that the two
 * cannot be wrong in the same way.
 */
export type LayerTwin = (layer: LayerInputs) => LayerPass;

/** No variable has a gradient. */
export const noVariables: ReadonlyMap<string, Float64Array> = new Map();

/** The only input of a layer. Throws where it has none. */
export function onlyInput({ inputs }: LayerInputs): Tensor64 {
  const [input] = inputs;
  if (input === undefined) throw new Error('a layer twin was called without an input');
  return input;
}

/** The variable called `name`. Throws where the layer has none. */
export function variableOf({ variables }: LayerInputs, name: string): Tensor64 {
  const variable = variables.get(name);
  if (variable === undefined) throw new Error(`a layer twin needs the variable ${name}`);
  return variable;
}
