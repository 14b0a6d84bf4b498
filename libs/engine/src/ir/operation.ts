/**
 * The operations of the intermediate representation, each with its attributes.
 *
 * Axes are non-negative. Where an operation has a fixed meaning of its inputs, their order is given beside it.
 */
import type { ConvolutionGeometry, PoolGeometry } from './geometry.ts';

export type UnaryFunction =
  | 'abs'
  | 'erf'
  | 'exp'
  | 'floor'
  | 'log'
  | 'neg'
  | 'not'
  | 'reciprocal'
  | 'relu'
  | 'rsqrt'
  | 'sigmoid'
  | 'sign'
  | 'softplus'
  | 'sqrt'
  | 'square'
  /** 1 where positive, else 0; float32. */
  | 'step'
  | 'tanh';

export type BinaryFunction = 'add' | 'sub' | 'mul' | 'div' | 'max' | 'min' | 'pow';
export type Comparison = 'greater' | 'greaterEqual' | 'less' | 'lessEqual' | 'equal' | 'notEqual';
export type LogicalFunction = 'and' | 'or';
export type ReduceFunction = 'sum' | 'mean' | 'max' | 'min';

/** What an input holds: a parameter, the same for all examples; or rows, one or more for each example. */
export type InputRole = 'parameter' | 'rows';

export type Operation =
  | { readonly op: 'input'; readonly name: string; readonly role: InputRole }
  | { readonly op: 'constant'; readonly values: readonly number[] }
  | { readonly op: 'splat'; readonly value: number }
  // Element by element, with broadcasting.
  | { readonly op: 'unary'; readonly fn: UnaryFunction }
  | { readonly op: 'binary'; readonly fn: BinaryFunction }
  | { readonly op: 'compare'; readonly fn: Comparison }
  | { readonly op: 'logical'; readonly fn: LogicalFunction }
  /** [condition, then, else]. */
  | { readonly op: 'select' }
  | { readonly op: 'clip'; readonly min: number; readonly max: number }
  /** To the node's dtype. */
  | { readonly op: 'cast' }
  // Shape. A reshape goes to the node's shape.
  | { readonly op: 'reshape' }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  | { readonly op: 'tile'; readonly repeats: readonly number[] }
  | {
      readonly op: 'pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly value: number;
    }
  | { readonly op: 'slice'; readonly begin: readonly number[]; readonly size: readonly number[] }
  | { readonly op: 'concat'; readonly axis: number }
  // Reductions and rows.
  | {
      readonly op: 'reduce';
      readonly fn: ReduceFunction;
      readonly axes: readonly number[];
      readonly keepDimensions: boolean;
    }
  | { readonly op: 'argmax'; readonly axis: number }
  /** Along the last axis. */
  | { readonly op: 'softmax' }
  | { readonly op: 'logSoftmax' }
  /** [values [n, k], classes [n]] to the value of each row's class, [n]. */
  | { readonly op: 'gatherClass' }
  /** [classes [n]] to [n, k] of zeros and ones. */
  | { readonly op: 'oneHot' }
  // Products.
  /** [a, b, bias?]; the bias is a vector of the last axis. */
  | { readonly op: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** [x, filter, bias?]. */
  | { readonly op: 'conv'; readonly geometry: ConvolutionGeometry; readonly activation: 'relu' | undefined }
  /** [dy, filter]. */
  | { readonly op: 'convInputGradient'; readonly geometry: ConvolutionGeometry }
  /** [x, dy]. */
  | { readonly op: 'convFilterGradient'; readonly geometry: ConvolutionGeometry }
  // The same for a filter [h, w, channels, multiplier] that keeps channels apart.
  | { readonly op: 'depthwise'; readonly geometry: ConvolutionGeometry }
  | { readonly op: 'depthwiseInputGradient'; readonly geometry: ConvolutionGeometry }
  | { readonly op: 'depthwiseFilterGradient'; readonly geometry: ConvolutionGeometry }
  // Pools. The gradient of a maximum goes to the first of equal values in row-major order.
  | { readonly op: 'maxPool'; readonly geometry: PoolGeometry }
  /** [dy, x, y]. */
  | { readonly op: 'maxPoolGradient'; readonly geometry: PoolGeometry }
  /** Padding is not counted. */
  | { readonly op: 'averagePool'; readonly geometry: PoolGeometry }
  /** [dy]. */
  | { readonly op: 'averagePoolGradient'; readonly geometry: PoolGeometry };
