/**
 * How rows of examples flow through a program: what each value holds with respect to the examples.
 *
 * - `fixed`: the same whatever the examples are (parameters, constants);
 * - `rows`: one or more consecutive rows for each example, in order, along the first axis;
 * - `sums`: a reduction over examples.
 *
 * Pure rules on shapes and operations. A program in which rows move (the batch axis transposed away, for instance) has no
 * such flow, and can only be run on whole chunks.
 */
import type { IrNode } from '../ir/node.ts';
import type { UnaryFunction } from '../ir/operation.ts';

export type Flow = 'fixed' | 'rows' | 'sums';

/** The flow of `node` in a program over `rows` rows, given those of its inputs; undefined where rows do not stay in order. */
export function flowOf(node: IrNode, inputs: readonly Flow[], rows: number): Flow | undefined {
  const { operation } = node;
  if (operation.op === 'input') return operation.role === 'rows' ? 'rows' : 'fixed';
  if (!inputs.includes('rows')) return inputs.includes('sums') ? 'sums' : 'fixed';
  if (isSumOverRows(node, inputs)) return 'sums';
  const [x] = node.inputs;
  switch (operation.op) {
    case 'transpose':
      if (operation.permutation[0] !== 0) return undefined;
      break;
    case 'concat':
    case 'argmax':
      if (operation.axis === 0) return undefined;
      break;
    case 'tile':
      if (operation.repeats[0] !== 1) return undefined;
      break;
    case 'slice':
      if (operation.begin[0] !== 0 || operation.size[0] !== x?.shape[0]) return undefined;
      break;
    case 'pad':
      if (operation.before[0] !== 0 || operation.after[0] !== 0) return undefined;
      break;
    case 'matmul':
      // Rows times something fixed, or matrices of each example.
      if (node.shape.length === 2 && (inputs[0] !== 'rows' || inputs[1] === 'rows' || operation.transposeA))
        return undefined;
      break;
    case 'conv':
    case 'convInputGradient':
    case 'depthwise':
    case 'depthwiseInputGradient':
      if (inputs[0] !== 'rows' || inputs[1] === 'rows') return undefined;
      break;
    default:
      break;
  }
  return isWholeRows(node.shape[0], rows) && rowsAgree(node, inputs) ? 'rows' : undefined;
}

function isWholeRows(length: number | undefined, rows: number): boolean {
  return length !== undefined && length > 0 && length % rows === 0;
}

/** Elementwise operations align axes from the last: rows must be of the result's rank, or they would meet another axis. */
function rowsAgree(node: IrNode, inputs: readonly Flow[]): boolean {
  if (!isElementwise(node)) return true;
  return node.inputs.every(
    (input, index) =>
      inputs[index] !== 'rows' || (input.shape.length === node.shape.length && input.shape[0] === node.shape[0]),
  );
}

function isSumOverRows(node: IrNode, inputs: readonly Flow[]): boolean {
  const { operation } = node;
  const bothRows = inputs[0] === 'rows' && inputs[1] === 'rows';
  switch (operation.op) {
    case 'reduce':
      return operation.axes.includes(0);
    case 'matmul':
      return node.shape.length === 2 && operation.transposeA && !operation.transposeB && bothRows;
    case 'convFilterGradient':
    case 'depthwiseFilterGradient':
      return bothRows;
    default:
      return false;
  }
}

export function isElementwise(node: IrNode): boolean {
  return ['unary', 'binary', 'compare', 'logical', 'select', 'clip', 'cast'].includes(node.operation.op);
}

/** Functions whose vector and scalar code differ in the last bits, so that an element's bits depend on its place. */
const placeDependent: ReadonlySet<UnaryFunction> = new Set(['log', 'softplus']);

/**
 * Whether the rows of `node` have the same bits however many rows are computed together (two or more). Held by the contract
 * suite. Sums within a row are not: their order depends on the row's alignment in memory. Nor are powers and logarithms, nor
 * products of one column, for which rows that are left over after blocks of four take another path.
 */
export function isRowSeparable(node: IrNode): boolean {
  const { operation } = node;
  switch (operation.op) {
    case 'reduce':
      return operation.fn === 'max' || operation.fn === 'min';
    case 'matmul':
      return node.shape.at(-1) !== 1;
    case 'unary':
      return !placeDependent.has(operation.fn);
    case 'binary':
      return operation.fn !== 'pow';
    default:
      return true;
  }
}

/** Products whose cost makes it worth while to put rows together again before them. */
export function isProduct(node: IrNode): boolean {
  return ['matmul', 'conv', 'convInputGradient', 'depthwise', 'depthwiseInputGradient'].includes(node.operation.op);
}
