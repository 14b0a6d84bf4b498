/**
 * Constant folding: what is known before a run is computed now, in float32, and neutral operations go away. A constant
 * operand is made a scalar where broadcasting does the rest.
 */
import { is, makeNode, sameShape, splat, splatValue, type IrNode, type Program } from '../ir/node.ts';
import type { BinaryFunction, UnaryFunction } from '../ir/operation.ts';
import { rewrite, withInputs } from '../ir/traverse.ts';

const binaryFunctions: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  pow: Math.pow,
};

const unaryFunctions: Readonly<Partial<Record<UnaryFunction, (x: number) => number>>> = {
  abs: Math.abs,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  rsqrt: (x) => 1 / Math.fround(Math.sqrt(x)),
  sqrt: Math.sqrt,
  square: (x) => x * x,
};

/** The operand on each side that changes nothing. */
const neutral: Readonly<Partial<Record<BinaryFunction, { readonly left?: number; readonly right?: number }>>> = {
  add: { left: 0, right: 0 },
  sub: { right: 0 },
  mul: { left: 1, right: 1 },
  div: { right: 1 },
  pow: { right: 1 },
};

export function foldConstants(program: Program): Program {
  return rewrite(program, (node) => foldNode(withScalarOperands(node)));
}

function foldNode(node: IrNode): IrNode {
  const [x] = node.inputs;
  if (x === undefined) return node;
  const value = splatValue(x);
  switch (node.operation.op) {
    case 'binary':
      return foldBinary(node, node.operation.fn);
    case 'unary': {
      const compute = unaryFunctions[node.operation.fn];
      return value === undefined || compute === undefined
        ? node
        : splat(Math.fround(compute(value)), node.shape, node.dtype);
    }
    case 'reshape': {
      if (sameShape(node.shape, x.shape)) return x;
      if (is(x, 'reshape')) return foldNode(withInputs(node, x.inputs));
      return value === undefined ? node : splat(value, node.shape, node.dtype);
    }
    case 'cast':
      return value === undefined || node.dtype === 'bool' ? node : splat(value, node.shape, node.dtype);
    case 'transpose':
      if (node.operation.permutation.every((from, to) => from === to)) return x;
      return value === undefined ? node : splat(value, node.shape, node.dtype);
    case 'tile':
    case 'slice':
      if (sameShape(node.shape, x.shape)) return x;
      return value === undefined ? node : splat(value, node.shape, node.dtype);
    case 'reduce':
      // Only zero: any other sum would depend on the number of rows that were traced.
      return value === 0 ? splat(0, node.shape, node.dtype) : withoutUnitAxes(node, x);
    default:
      return node;
  }
}

/** A reduction does not see axes of length one. */
function withoutUnitAxes(node: IrNode, x: IrNode): IrNode {
  const { operation } = node;
  if (operation.op !== 'reduce' || !operation.axes.some((axis) => x.shape[axis] === 1)) return node;
  const kept = x.shape.map((_, axis) => axis).filter((axis) => x.shape[axis] !== 1 || !operation.axes.includes(axis));
  const axes = kept.flatMap((axis, place) => (operation.axes.includes(axis) ? [place] : []));
  const shape = kept.map((axis) => x.shape[axis] ?? 1);
  const squeezed = foldNode(makeNode({ op: 'reshape' }, [x], shape, x.dtype, node.layer));
  if (axes.length === 0) return foldNode(makeNode({ op: 'reshape' }, [squeezed], node.shape, node.dtype, node.layer));
  const left = shape.filter((_, place) => !axes.includes(place));
  const reduced = makeNode({ ...operation, axes, keepDimensions: false }, [squeezed], left, node.dtype, node.layer);
  return foldNode(makeNode({ op: 'reshape' }, [reduced], node.shape, node.dtype, node.layer));
}

function foldBinary(node: IrNode, fn: BinaryFunction): IrNode {
  const [a, b] = node.inputs;
  if (a === undefined || b === undefined) return node;
  const [left, right] = [splatValue(a), splatValue(b)];
  if (left !== undefined && right !== undefined) {
    return splat(Math.fround(binaryFunctions[fn](left, right)), node.shape, node.dtype);
  }
  if (right !== undefined && right === neutral[fn]?.right && sameShape(a.shape, node.shape)) return a;
  if (left !== undefined && left === neutral[fn]?.left && sameShape(b.shape, node.shape)) return b;
  return scaleBeforeSpreading(node, fn, a, right);
}

/** (x spread by a product with ones) / n is (x / n) spread: fewer elements, the same bits. */
function scaleBeforeSpreading(node: IrNode, fn: BinaryFunction, a: IrNode, right: number | undefined): IrNode {
  if (right === undefined || (fn !== 'div' && fn !== 'mul') || !is(a, 'binary') || a.operation.fn !== 'mul')
    return node;
  const [x, ones] = a.inputs;
  if (x === undefined || ones === undefined || splatValue(ones) !== 1 || !sameShape(a.shape, node.shape)) return node;
  const scaled = makeNode({ op: 'binary', fn }, [x, splat(right)], x.shape, x.dtype, node.layer);
  return makeNode(a.operation, [scaled, ones], node.shape, node.dtype, node.layer);
}

/** A constant operand of an elementwise operation becomes a scalar where the other operands alone have the result's shape. */
function withScalarOperands(node: IrNode): IrNode {
  const { op } = node.operation;
  if (op !== 'binary' && op !== 'compare' && op !== 'select') return node;
  const hasFull = node.inputs.some((input) => splatValue(input) === undefined && sameShape(input.shape, node.shape));
  if (!hasFull) return node;
  return withInputs(
    node,
    node.inputs.map((input) => {
      const value = splatValue(input);
      return value === undefined || input.shape.length === 0 ? input : splat(value, [], input.dtype);
    }),
  );
}
