/**
 * Maximum pools of 2 by 2 with strides of 2, the common case, in two stages: the greater of two columns, then of two rows.
 * The gradient goes back the same way, to the first of equal values in row-major order. All on NHWC, with plain vector code.
 */
import type { PoolGeometry } from '../ir/geometry.ts';
import type { IrNode, NodeOf } from '../ir/node.ts';
import { int, type Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

export function isPairwise({ window, strides }: PoolGeometry): boolean {
  return [...window, ...strides].every((size) => size === 2);
}

interface Stages {
  readonly columns: readonly [Value, Value];
  readonly rows: readonly [Value, Value];
  readonly frame: Frame;
}

/** The input's size, and the even size into which it is fitted. */
interface Frame {
  readonly n: number;
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly pooled: readonly [number, number];
  readonly before: readonly [number, number];
}

function frameOf(x: IrNode, pooledShape: readonly number[], { padding }: PoolGeometry): Frame {
  const [n = 1, h = 1, w = 1, channels = 1] = x.shape;
  const [, pooledHeight = 1, pooledWidth = 1] = pooledShape;
  return { n, size: [h, w], channels, pooled: [pooledHeight, pooledWidth], before: [padding[0], padding[1]] };
}

function stagesOf(lowering: Lowering, x: IrNode, frame: Frame): Stages {
  const { n, channels, pooled } = frame;
  const [h, w] = pooled;
  const columns = halves(
    lowering,
    lowering.reshape(fit(lowering, lowering.plain(x), frame), [n * h * 2 * w, 2, channels]),
  );
  const widest = lowering.reshape(lowering.graph.add('Max', columns), [n * h, 2, w * channels]);
  return { columns, rows: halves(lowering, widest), frame };
}

function halves(lowering: Lowering, value: Value): [Value, Value] {
  const options = { attributes: { axis: int(1) } };
  const [first, second] = lowering.graph.addMany('Split', [value], ['float32', 'float32'], options);
  if (first === undefined || second === undefined) throw new Error('a split in two has two outputs');
  return [first, second];
}

export function lowerPairwisePool(lowering: Lowering, node: NodeOf<'maxPool'>): void {
  const x = lowering.input(node, 0);
  const { rows } = stagesOf(lowering, x, frameOf(x, node.shape, node.operation.geometry));
  lowering.setPlain(node, lowering.reshape(lowering.graph.add('Max', rows), node.shape));
}

export function lowerPairwisePoolGradient(lowering: Lowering, node: NodeOf<'maxPoolGradient'>): void {
  const [dy, x, y] = [lowering.input(node, 0), lowering.input(node, 1), lowering.input(node, 2)];
  const { columns, rows, frame } = stagesOf(lowering, x, frameOf(x, y.shape, node.operation.geometry));
  const { n, channels, pooled } = frame;
  const [h, w] = pooled;
  const byRow = share(lowering, lowering.reshape(lowering.plain(dy), [n * h, 1, w * channels]), rows);
  const byColumn = share(lowering, lowering.reshape(byRow, [n * h * 2 * w, 1, channels]), columns);
  const fitted = lowering.reshape(byColumn, [n, 2 * h, 2 * w, channels]);
  lowering.setPlain(node, unfit(lowering, fitted, frame));
}

/** [n, 1, k] as [n, 2, k]: all to the first of the pair where it is not smaller, else to the second. */
function share(lowering: Lowering, dy: Value, [first, second]: readonly [Value, Value]): Value {
  const { graph } = lowering;
  const wins = lowering.toFloat(graph.add('GreaterOrEqual', [first, second], { type: 'bool' }));
  const toFirst = graph.add('Mul', [dy, wins]);
  return graph.add('Concat', [toFirst, graph.add('Sub', [dy, toFirst])], { attributes: { axis: int(1) } });
}

/** Crops what no window reaches, and pads with the lowest number where windows reach out. */
function fit(lowering: Lowering, value: Value, { size, pooled, before }: Frame): Value {
  const even = [2 * pooled[0], 2 * pooled[1]];
  const inside = size.map((length, axis) => Math.min(length, even[axis] ?? 0));
  const missing = size.map((length, axis) => Math.max(0, (even[axis] ?? 0) - length));
  let fitted = value;
  if (inside.some((length, axis) => length < (size[axis] ?? 0)))
    fitted = lowering.slice(fitted, [1, 2], [0, 0], inside);
  if (missing.some((length) => length > 0)) {
    const pads = [0, before[0], before[1], 0, 0, (missing[0] ?? 0) - before[0], (missing[1] ?? 0) - before[1], 0];
    const { graph } = lowering;
    fitted = graph.add('Pad', [fitted, graph.int64s(pads), graph.scalar(-3.4028234663852886e38)]);
  }
  return fitted;
}

/** The gradient of `fit`. */
function unfit(lowering: Lowering, value: Value, { size, pooled, before }: Frame): Value {
  const even = [2 * pooled[0], 2 * pooled[1]];
  const cropped = size.map((length, axis) => Math.max(0, length - (even[axis] ?? 0)));
  let gradient = value;
  if (size.some((length, axis) => length < (even[axis] ?? 0))) {
    const end = size.map((length, axis) => (before[axis] ?? 0) + Math.min(length, even[axis] ?? 0));
    gradient = lowering.slice(gradient, [1, 2], before, end);
  }
  if (cropped.some((length) => length > 0)) {
    const { graph } = lowering;
    gradient = graph.add('Pad', [gradient, graph.int64s([0, 0, 0, 0, 0, cropped[0] ?? 0, cropped[1] ?? 0, 0])]);
  }
  return gradient;
}
