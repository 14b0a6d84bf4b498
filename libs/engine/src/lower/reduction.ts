/** Lowering of reductions over axes, and of what works on whole rows. */
import type { NodeOf } from '../ir/node.ts';
import { elementTypes, int, ints, type Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

export function lowerArgmax(lowering: Lowering, node: NodeOf<'argmax'>): void {
  const attributes = { axis: int(node.operation.axis), keepdims: int(0) };
  const index = lowering.graph.add('ArgMax', [lowering.operand(node, 0)], { attributes, type: 'int64' });
  const to = { to: int(elementTypes.int32) };
  lowering.setPlain(node, lowering.graph.add('Cast', [index], { attributes: to, type: 'int32' }));
}

export function lowerSoftmax(lowering: Lowering, node: NodeOf<'softmax'> | NodeOf<'logSoftmax'>): void {
  const operator = node.operation.op === 'softmax' ? 'Softmax' : 'LogSoftmax';
  const attributes = { axis: int(node.shape.length - 1) };
  lowering.setPlain(node, lowering.graph.add(operator, [lowering.operand(node, 0)], { attributes }));
}

export function lowerReduce(lowering: Lowering, node: NodeOf<'reduce'>): void {
  const { graph } = lowering;
  const { fn, axes, keepDimensions } = node.operation;
  const { shape } = lowering.input(node, 0);
  if (axes.length === 0) {
    lowering.setPlain(node, lowering.operand(node, 0));
    return;
  }
  if (fn === 'max' || fn === 'min') {
    const attributes = { axes: ints(axes), keepdims: int(keepDimensions ? 1 : 0) };
    const operands = [lowering.operand(node, 0)];
    lowering.setPlain(node, graph.add(fn === 'max' ? 'ReduceMax' : 'ReduceMin', operands, { attributes }));
    return;
  }
  const sum = sumOver(lowering, node, shape);
  const count = axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  lowering.setPlain(node, fn === 'mean' ? graph.add('Mul', [sum, graph.scalar(1 / count)]) : sum);
}

/**
 * A sum over all axes but the last goes in two stages, within each row and then over rows: ONNX Runtime adds along leading
 * axes one by one, which loses digits over many elements.
 */
function sumOver(lowering: Lowering, node: NodeOf<'reduce'>, shape: readonly number[]): Value {
  const { graph } = lowering;
  const { axes, keepDimensions } = node.operation;
  const x = lowering.input(node, 0);
  const reduce = (value: Value, along: readonly number[], keep = false): Value =>
    graph.add('ReduceSum', [value, graph.int64s(along)], { attributes: { keepdims: int(keep ? 1 : 0) } });
  const last = shape.length - 1;
  const isLeading = shape.length > 2 && axes.length === last && !axes.includes(last);
  if (!isLeading) return reduce(lowering.plain(x), axes, keepDimensions);
  const [rows = 1, channels = 1] = [shape[0], shape[last]];
  const inner = shape.slice(1, last).reduce((product, size) => product * size, 1);
  const { blockSize } = lowering;
  // Blocks of channels lie side by side like examples, so they are summed like examples and then make a row again.
  const within =
    blockSize !== undefined && lowering.isBlocked(x)
      ? lowering.reshape(
          reduce(lowering.reshape(lowering.blocked(x), [(rows * channels) / blockSize, inner, blockSize]), [1]),
          [rows, channels],
        )
      : reduce(lowering.reshape(lowering.plain(x), [rows, inner, channels]), [1]);
  const sum = reduce(within, [0]);
  return keepDimensions ? lowering.reshape(sum, node.shape) : sum;
}
