/** Lowering of operations element by element. */
import { sameShape, splatValue, type IrNode, type NodeOf } from '../ir/node.ts';
import type { BinaryFunction, Comparison, UnaryFunction } from '../ir/operation.ts';
import type { Value } from '../onnx/value.ts';
import { byteQuotient } from './byte-quotient.ts';
import { lowerChannelwise } from './channelwise.ts';
import type { Form, Lowering } from './lowering.ts';

type Unary = (lowering: Lowering, x: Value) => Value;

const operator =
  (name: string): Unary =>
  ({ graph }, x) =>
    graph.add(name, [x]);

const unaryFunctions: Readonly<Record<UnaryFunction, Unary>> = {
  abs: operator('Abs'),
  erf: operator('Erf'),
  exp: operator('Exp'),
  floor: operator('Floor'),
  log: operator('Log'),
  neg: operator('Neg'),
  not: operator('Not'),
  reciprocal: operator('Reciprocal'),
  relu: operator('Relu'),
  rsqrt: ({ graph }, x) => graph.add('Div', [graph.scalar(1), graph.add('Sqrt', [x])]),
  sigmoid: operator('Sigmoid'),
  sign: operator('Sign'),
  softplus: ({ graph }, x) => {
    // max(x, 0) + log(1 + exp(-|x|)): the exponential cannot overflow.
    const tail = graph.add('Exp', [graph.add('Neg', [graph.add('Abs', [x])])]);
    return graph.add('Add', [graph.add('Relu', [x]), graph.add('Log', [graph.add('Add', [tail, graph.scalar(1)])])]);
  },
  sqrt: operator('Sqrt'),
  square: ({ graph }, x) => graph.add('Mul', [x, x]),
  step: (lowering, x) =>
    lowering.toFloat(lowering.graph.add('Greater', [x, lowering.graph.scalar(0)], { type: 'bool' })),
  tanh: operator('Tanh'),
};

const binaryOperators: Readonly<Record<BinaryFunction, string>> = {
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  max: 'Max',
  min: 'Min',
  pow: 'Pow',
};

const comparisonOperators: Readonly<Record<Comparison, string>> = {
  greater: 'Greater',
  greaterEqual: 'GreaterOrEqual',
  less: 'Less',
  lessEqual: 'LessOrEqual',
  equal: 'Equal',
  notEqual: 'Equal',
};

/** Blocked where an operand was computed so and all that are not constants have the result's shape. */
function formOf(lowering: Lowering, node: IrNode): Form {
  const values = node.inputs.filter((input) => splatValue(input) === undefined);
  const fits = [node, ...values].every(({ dtype, shape }) => dtype === 'float32' && sameShape(shape, node.shape));
  return fits && values.some((input) => lowering.isBlocked(input)) ? 'blocked' : 'plain';
}

export function lowerUnary(lowering: Lowering, node: NodeOf<'unary'>): void {
  const form = formOf(lowering, node);
  const x = lowering.value(lowering.input(node, 0), form);
  lowering.set(node, form, unaryFunctions[node.operation.fn](lowering, x));
}

export function lowerBinary(lowering: Lowering, node: NodeOf<'binary'>): void {
  if (lowerChannelwise(lowering, node)) return;
  const { fn } = node.operation;
  const [a, b] = [lowering.input(node, 0), lowering.input(node, 1)];
  const form = formOf(lowering, node);
  const special =
    spread(lowering, node, fn, a, b) ??
    integerPower(lowering, form, fn, a, b) ??
    (fn === 'div' && sameShape(a.shape, node.shape) ? byteQuotient(lowering, a, b) : undefined);
  const operands = (): Value[] => [a, b].map((input) => operandOf(lowering, node, input, form));
  lowering.set(node, form, special ?? lowering.graph.add(binaryOperators[fn], operands()));
}

/** A constant is a scalar unless the result's shape comes from it. */
function operandOf(lowering: Lowering, node: IrNode, input: IrNode, form: Form = 'plain'): Value {
  const others = node.inputs.filter((other) => other !== input);
  const shapeIsGiven = others.some((other) => sameShape(other.shape, node.shape));
  return shapeIsGiven ? lowering.scalarOr(input, form) : lowering.value(input, form);
}

/** A product with ones only spreads the other operand. */
function spread(lowering: Lowering, node: IrNode, fn: BinaryFunction, a: IrNode, b: IrNode): Value | undefined {
  if (fn !== 'mul') return undefined;
  const { graph } = lowering;
  if (splatValue(b) === 1) return graph.add('Expand', [lowering.plain(a), graph.int64s(node.shape)]);
  if (splatValue(a) === 1) return graph.add('Expand', [lowering.plain(b), graph.int64s(node.shape)]);
  return undefined;
}

/** Small powers are products, which are exact to the last bit everywhere. */
function integerPower(lowering: Lowering, form: Form, fn: BinaryFunction, a: IrNode, b: IrNode): Value | undefined {
  const exponent = splatValue(b);
  if (fn !== 'pow' || (exponent !== 2 && exponent !== 3)) return undefined;
  const x = lowering.value(a, form);
  const square = lowering.graph.add('Mul', [x, x]);
  return exponent === 2 ? square : lowering.graph.add('Mul', [square, x]);
}

export function lowerCompare(lowering: Lowering, node: NodeOf<'compare'>): void {
  const { fn } = node.operation;
  const operands = node.inputs.map((input) => operandOf(lowering, node, input));
  const value = lowering.graph.add(comparisonOperators[fn], operands, { type: 'bool' });
  lowering.setPlain(node, fn === 'notEqual' ? lowering.graph.add('Not', [value]) : value);
}

export function lowerLogical(lowering: Lowering, node: NodeOf<'logical'>): void {
  const operands = node.inputs.map((input) => lowering.plain(input));
  lowering.setPlain(node, lowering.graph.add(node.operation.fn === 'and' ? 'And' : 'Or', operands, { type: 'bool' }));
}

export function lowerSelect(lowering: Lowering, node: NodeOf<'select'>): void {
  const operands = node.inputs.map((input) => operandOf(lowering, node, input));
  lowering.setPlain(node, lowering.graph.add('Where', operands, { type: node.dtype }));
}

export function lowerClip(lowering: Lowering, node: NodeOf<'clip'>): void {
  const { graph } = lowering;
  const { min, max } = node.operation;
  const form = formOf(lowering, node);
  const x = lowering.value(lowering.input(node, 0), form);
  lowering.set(node, form, graph.add('Clip', [x, graph.scalar(min), graph.scalar(max)]));
}
