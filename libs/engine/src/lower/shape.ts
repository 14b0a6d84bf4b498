/** Lowering of inputs, constants, and operations that move elements. */
import { invariant } from '@weft/core';
import { is, type IrNode, type NodeOf } from '../ir/node.ts';
import { elementTypes, int, type Value } from '../onnx/value.ts';
import type { Form, Lowering } from './lowering.ts';

export function lowerInput(lowering: Lowering, node: NodeOf<'input'>): void {
  const { graph } = lowering;
  const { name, role } = node.operation;
  const input = graph.input(name, node.dtype, node.shape);
  // Rows come from the caller's buffers, whose place in memory may be any; what sums them may go by alignment. A quotient
  // by one is a copy to the engine's own, aligned memory.
  const isForeign = role === 'rows' && node.dtype === 'float32';
  lowering.setPlain(node, isForeign ? graph.add('Div', [input, graph.scalar(1)]) : input);
}

export function lowerConstant(lowering: Lowering, node: NodeOf<'constant'>): void {
  lowering.setPlain(node, lowering.constantOf(node.dtype, node.shape, node.operation.values));
}

/** Readers of a constant with equal elements take a scalar where they can; here it is written out. */
export function lowerSplat(lowering: Lowering, node: NodeOf<'splat'>): void {
  const { graph } = lowering;
  const scalar = lowering.constantOf(node.dtype, [], [node.operation.value]);
  lowering.setPlain(node, node.shape.length === 0 ? scalar : graph.add('Expand', [scalar, graph.int64s(node.shape)]));
}

export function lowerCast(lowering: Lowering, node: NodeOf<'cast'>): void {
  const attributes = { to: int(elementTypes[node.dtype]) };
  lowering.setPlain(node, lowering.graph.add('Cast', [lowering.operand(node, 0)], { attributes, type: node.dtype }));
}

export function lowerReshape(lowering: Lowering, node: NodeOf<'reshape'>): void {
  lowering.setPlain(node, lowering.reshape(lowering.operand(node, 0), node.shape));
}

export function lowerTranspose(lowering: Lowering, node: NodeOf<'transpose'>): void {
  lowering.setPlain(node, lowering.transpose(lowering.operand(node, 0), node.operation.permutation));
}

export function lowerTile(lowering: Lowering, node: NodeOf<'tile'>): void {
  const { graph } = lowering;
  const { repeats } = node.operation;
  const onlySpreads = lowering.input(node, 0).shape.every((size, axis) => size === 1 || repeats[axis] === 1);
  const [operator, argument] = onlySpreads ? ['Expand', node.shape] : ['Tile', repeats];
  lowering.setPlain(node, graph.add(operator, [lowering.operand(node, 0), graph.int64s(argument)]));
}

export function lowerPad(lowering: Lowering, node: NodeOf<'pad'>): void {
  const { graph } = lowering;
  const { before, after, value } = node.operation;
  if (lowering.blockSize === undefined) {
    lowering.setPlain(node, framed(lowering, node));
    return;
  }
  const operands = [lowering.operand(node, 0), graph.int64s([...before, ...after]), graph.scalar(value)];
  lowering.setPlain(node, graph.add('Pad', operands));
}

/**
 * Padding put together from its borders. ONNX Runtime's optimizations, which are on where others open an exported model, would
 * take a Pad into the pooling after it: a maximum then never sees the zeros, and borders as wide as the window are refused.
 */
function framed(lowering: Lowering, node: NodeOf<'pad'>): Value {
  const { graph } = lowering;
  const { before, after, value } = node.operation;
  const filling = lowering.constantOf(node.dtype, [], [value]);
  const shape = [...lowering.input(node, 0).shape];
  let whole = lowering.operand(node, 0);
  for (const [axis, length] of [...shape.entries()]) {
    const border = (width: number): Value[] =>
      width === 0 ? [] : [graph.add('Expand', [filling, graph.int64s(shape.with(axis, width))])];
    const [first, last] = [before[axis] ?? 0, after[axis] ?? 0];
    if (first + last === 0) continue;
    whole = graph.add('Concat', [...border(first), whole, ...border(last)], { attributes: { axis: int(axis) } });
    shape[axis] = first + length + last;
  }
  return whole;
}

export function lowerSlice(lowering: Lowering, node: NodeOf<'slice'>): void {
  if (lowering.isLowered(node)) return;
  const { begin, size } = node.operation;
  const source = lowering.input(node, 0);
  const axes = begin.flatMap((_, axis) => (size[axis] === source.shape[axis] ? [] : [axis]));
  const [axis] = axes;
  const siblings = axes.length === 1 && axis !== undefined ? slicesAlong(lowering, source, axis) : undefined;
  if (siblings !== undefined && axis !== undefined) {
    splitInto(lowering, source, siblings, axis);
    return;
  }
  const from = axes.map((along) => begin[along] ?? 0);
  const to = axes.map((along) => (begin[along] ?? 0) + (size[along] ?? 0));
  const form = formAlong(lowering, [source], axis);
  lowering.set(node, form, lowering.slice(lowering.value(source, form), axes, from, to));
}

/** Examples lie one after the other in either layout, so what takes examples apart and joins them keeps the layout. */
function formAlong(lowering: Lowering, sources: readonly IrNode[], axis: number | undefined): Form {
  return axis === 0 && sources.some((source) => lowering.isBlocked(source)) ? 'blocked' : 'plain';
}

/** The slices of `source` along `axis`, where together they are the whole of it, once. */
function slicesAlong(lowering: Lowering, source: IrNode, axis: number): readonly NodeOf<'slice'>[] | undefined {
  const slices = lowering
    .usesOf(source)
    .filter((use) => is(use, 'slice'))
    .filter(({ operation: { size } }) => size.every((length, i) => (length === source.shape[i]) === (i !== axis)))
    .sort((a, b) => (a.operation.begin[axis] ?? 0) - (b.operation.begin[axis] ?? 0));
  let end = 0;
  for (const { operation } of slices) {
    if (operation.begin[axis] !== end) return undefined;
    end += operation.size[axis] ?? 0;
  }
  return end === source.shape[axis] ? slices : undefined;
}

/** One node for all parts: a step over many chunks has many. */
function splitInto(lowering: Lowering, source: IrNode, parts: readonly NodeOf<'slice'>[], axis: number): void {
  const sizes = lowering.graph.int64s(parts.map(({ operation }) => operation.size[axis] ?? 0));
  const form = formAlong(lowering, [source], axis);
  const value = lowering.value(source, form);
  const types = parts.map(() => value.type);
  const values = lowering.graph.addMany('Split', [value, sizes], types, { attributes: { axis: int(axis) } });
  parts.forEach((part, index) => {
    const partValue = values[index];
    if (partValue !== undefined) lowering.set(part, form, partValue);
  });
}

export function lowerConcat(lowering: Lowering, node: NodeOf<'concat'>): void {
  const { axis } = node.operation;
  const form = formAlong(lowering, node.inputs, axis);
  const operands = node.inputs.map((input) => lowering.value(input, form));
  const [first] = operands;
  invariant(first !== undefined, 'a concatenation has parts');
  const attributes = { axis: int(axis) };
  lowering.set(node, form, operands.length === 1 ? first : lowering.graph.add('Concat', operands, { attributes }));
}

/** Rows of zeros with a one at each row's class. */
export function lowerOneHot(lowering: Lowering, node: NodeOf<'oneHot'>): void {
  const { graph } = lowering;
  const count = node.shape.at(-1) ?? 0;
  const classes = lowering.reshape(lowering.operand(node, 0), [...node.shape.slice(0, -1), 1]);
  const all = lowering.constantOf(
    'int32',
    [1, count],
    Array.from({ length: count }, (_, index) => index),
  );
  lowering.setPlain(node, lowering.toFloat(graph.add('Equal', [classes, all], { type: 'bool' })));
}

export function lowerGatherClass(lowering: Lowering, node: NodeOf<'gatherClass'>): void {
  const classes = lowering.reshape(lowering.operand(node, 1), [...node.shape, 1]);
  const attributes = { axis: int(1) };
  const picked = lowering.graph.add('GatherElements', [lowering.operand(node, 0), classes], { attributes });
  lowering.setPlain(node, lowering.reshape(picked, node.shape));
}
