/** Kernels that work element by element: arithmetic, comparison, activation functions. */
import type * as tf from '@tensorflow/tfjs';
import { splat, type Dtype, type IrNode } from '../ir/node.ts';
import type { BinaryFunction, Comparison, LogicalFunction, UnaryFunction } from '../ir/operation.ts';
import { irDtype } from './backend.ts';
import { broadcast, emit, inputOf, type KernelCall, type KernelTable, type TraceKernel } from './kernel.ts';

const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

export function unary(fn: UnaryFunction, x: IrNode): IrNode {
  return emit({ op: 'unary', fn }, [x], x.shape, x.dtype);
}

export function binary(fn: BinaryFunction, a: IrNode, b: IrNode): IrNode {
  const dtype: Dtype = a.dtype === 'int32' && b.dtype === 'int32' ? 'int32' : 'float32';
  return emit({ op: 'binary', fn }, [a, b], broadcast(a.shape, b.shape), dtype);
}

function compare(fn: Comparison, a: IrNode, b: IrNode): IrNode {
  return emit({ op: 'compare', fn }, [a, b], broadcast(a.shape, b.shape), 'bool');
}

function select(condition: IrNode, ifTrue: IrNode, ifFalse: IrNode): IrNode {
  const shape = broadcast(broadcast(condition.shape, ifTrue.shape), ifFalse.shape);
  return emit({ op: 'select' }, [condition, ifTrue, ifFalse], shape, ifTrue.dtype);
}

export function cast(x: IrNode, dtype: Dtype): IrNode {
  return x.dtype === dtype ? x : emit({ op: 'cast' }, [x], x.shape, dtype);
}

const unaryKernel =
  (fn: UnaryFunction): TraceKernel =>
  (call) =>
    unary(fn, inputOf(call, 'x'));

const binaryKernel =
  (fn: BinaryFunction): TraceKernel =>
  (call) =>
    binary(fn, inputOf(call, 'a'), inputOf(call, 'b'));

const comparisonKernel =
  (fn: Comparison): TraceKernel =>
  (call) =>
    compare(fn, inputOf(call, 'a'), inputOf(call, 'b'));

const logicalKernel =
  (fn: LogicalFunction): TraceKernel =>
  (call) => {
    const [a, b] = [inputOf(call, 'a'), inputOf(call, 'b')];
    return emit({ op: 'logical', fn }, [a, b], broadcast(a.shape, b.shape), 'bool');
  };

/** `exp(x) - 1` where x is not positive; the argument is clipped so that the unused half cannot overflow. */
function expMinusOne(x: IrNode): IrNode {
  return binary('sub', unary('exp', binary('min', x, splat(0))), splat(1));
}

function isPositive(x: IrNode): IrNode {
  return compare('greater', x, splat(0));
}

export function elu(x: IrNode): IrNode {
  return select(isPositive(x), x, expMinusOne(x));
}

function leakyRelu(x: IrNode, slope: IrNode): IrNode {
  return select(isPositive(x), x, binary('mul', x, slope));
}

function step(call: KernelCall): IrNode {
  const x = inputOf(call, 'x');
  const { alpha = 0 } = call.attributes as Partial<tf.StepAttrs>;
  return alpha === 0 ? unary('step', x) : select(isPositive(x), splat(1, x.shape), splat(alpha, x.shape));
}

function eluGradient(call: KernelCall): IrNode {
  const [dy, y] = [inputOf(call, 'dy'), inputOf(call, 'y')];
  return select(compare('greaterEqual', y, splat(0)), dy, binary('mul', dy, binary('add', y, splat(1))));
}

export const elementwiseKernels: KernelTable = {
  Abs: unaryKernel('abs'),
  Erf: unaryKernel('erf'),
  Exp: unaryKernel('exp'),
  Floor: unaryKernel('floor'),
  Log: unaryKernel('log'),
  LogicalNot: unaryKernel('not'),
  Neg: unaryKernel('neg'),
  Reciprocal: unaryKernel('reciprocal'),
  Relu: unaryKernel('relu'),
  Rsqrt: unaryKernel('rsqrt'),
  Sigmoid: unaryKernel('sigmoid'),
  Sign: unaryKernel('sign'),
  Softplus: unaryKernel('softplus'),
  Sqrt: unaryKernel('sqrt'),
  Square: unaryKernel('square'),
  Step: step,
  Tanh: unaryKernel('tanh'),
  Log1p: (call) => unary('log', binary('add', inputOf(call, 'x'), splat(1))),

  Add: binaryKernel('add'),
  Sub: binaryKernel('sub'),
  Multiply: binaryKernel('mul'),
  RealDiv: binaryKernel('div'),
  Maximum: binaryKernel('max'),
  Minimum: binaryKernel('min'),
  Pow: binaryKernel('pow'),
  SquaredDifference: (call) => unary('square', binary('sub', inputOf(call, 'a'), inputOf(call, 'b'))),
  AddN: (call) => call.inputs.reduce((sum, term) => binary('add', sum, term)),

  Greater: comparisonKernel('greater'),
  GreaterEqual: comparisonKernel('greaterEqual'),
  Less: comparisonKernel('less'),
  LessEqual: comparisonKernel('lessEqual'),
  Equal: comparisonKernel('equal'),
  NotEqual: comparisonKernel('notEqual'),
  LogicalAnd: logicalKernel('and'),
  LogicalOr: logicalKernel('or'),

  Elu: (call) => elu(inputOf(call, 'x')),
  EluGrad: eluGradient,
  Selu: (call) => {
    const x = inputOf(call, 'x');
    const negative = binary('mul', expMinusOne(x), splat(selu.alpha * selu.scale));
    return select(isPositive(x), binary('mul', x, splat(selu.scale)), negative);
  },
  LeakyRelu: (call) => {
    const { alpha } = call.attributes as { readonly alpha: number };
    return leakyRelu(inputOf(call, 'x'), splat(alpha));
  },
  Prelu: (call) => leakyRelu(inputOf(call, 'x'), inputOf(call, 'alpha')),
  Relu6: (call) => clip(inputOf(call, 'x'), 0, 6),
  ClipByValue: (call) => {
    const { clipValueMin, clipValueMax } = call.attributes as tf.ClipByValueAttrs;
    return clip(inputOf(call, 'x'), clipValueMin, clipValueMax);
  },

  Select: (call) => select(inputOf(call, 'condition'), inputOf(call, 't'), inputOf(call, 'e')),
  Cast: (call) => cast(inputOf(call, 'x'), irDtype((call.attributes as tf.CastAttrs).dtype)),
  Identity: (call) => inputOf(call, 'x'),
  Fill: (call) => {
    const { shape, value, dtype } = call.attributes as tf.FillAttrs;
    return splat(Number(value), shape, irDtype(dtype));
  },
  ZerosLike: (call) => splat(0, inputOf(call, 'x').shape, inputOf(call, 'x').dtype),
  OnesLike: (call) => splat(1, inputOf(call, 'x').shape, inputOf(call, 'x').dtype),
};

function clip(x: IrNode, min: number, max: number): IrNode {
  return emit({ op: 'clip', min, max }, [x], x.shape, x.dtype);
}
