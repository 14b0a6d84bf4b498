/** Nodes by what they are: the operators of a step, the slowest first. */
import { kernelFlops, type NodeTime } from './runtime-profile.ts';

/** Kernels fall into three classes; see `kindOf`. */
export type OperatorKind = 'product' | 'layout' | 'traversal';

/** All nodes of one operator in one step. */
export interface OperatorTime {
  readonly operator: string;
  readonly kind: OperatorKind;
  readonly ms: number;
  readonly calls: number;
  /** Floating point operations of products, else 0. */
  readonly flops: number;
}

const products = new Set(['Gemm', 'FusedGemm', 'MatMul', 'Conv']);
const layoutChanges = new Set(
  ['Cast', 'Concat', 'Expand', 'Gather', 'Pad', 'ReorderInput', 'ReorderOutput', 'Reshape', 'Slice', 'Split'].concat([
    'Squeeze',
    'Tile',
    'Transpose',
    'Unsqueeze',
  ]),
);

/**
 * Products (dense, convolution) are limited by arithmetic; layout changes move values and compute nothing; traversals (all else:
 * activations, sums, normalization) read and write memory and compute next to nothing.
 */
function kindOf(operator: string): OperatorKind {
  if (products.has(operator)) return 'product';
  return layoutChanges.has(operator) ? 'layout' : 'traversal';
}

export function operatorTimes(nodes: readonly NodeTime[]): OperatorTime[] {
  const byOperator = Map.groupBy(nodes, ({ operator }) => operator);
  const sum = (of: readonly NodeTime[], value: (node: NodeTime) => number): number =>
    of.reduce((total, node) => total + value(node) * node.callsPerStep, 0);
  return [...byOperator]
    .map(([operator, of]) => ({
      operator,
      kind: kindOf(operator),
      ms: sum(of, ({ medianUs }) => medianUs / 1000),
      calls: sum(of, () => 1),
      flops: sum(of, kernelFlops),
    }))
    .toSorted((a, b) => b.ms - a.ms);
}
