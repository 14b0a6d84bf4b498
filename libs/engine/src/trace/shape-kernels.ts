/** Kernels that move elements without computing, and reductions over axes. */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { sizeOf, type Dtype, type IrNode, type Shape } from '../ir/node.ts';
import type { ReduceFunction } from '../ir/operation.ts';
import { axesOf, emit, inputOf, type KernelCall, type KernelTable, type TraceKernel } from './kernel.ts';

export function reshape(x: IrNode, shape: Shape): IrNode {
  return emit({ op: 'reshape' }, [x], shape, x.dtype);
}

function slice(x: IrNode, begin: readonly number[], size: readonly number[]): IrNode {
  return emit({ op: 'slice', begin, size }, [x], size, x.dtype);
}

function expandDims(call: KernelCall): IrNode {
  const input = inputOf(call, 'input');
  const { dim } = call.attributes as tf.ExpandDimsAttrs;
  const shape = [...input.shape];
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return reshape(input, shape);
}

function concatenate(inputs: readonly IrNode[], axis: number): IrNode {
  const first = inputs[0]?.shape ?? [];
  const along = inputs.reduce((sum, input) => sum + (input.shape[axis] ?? 0), 0);
  const shape = first.map((dimension, i) => (i === axis ? along : dimension));
  return emit({ op: 'concat', axis }, inputs, shape, inputs[0]?.dtype);
}

function concat(call: KernelCall): IrNode {
  const [axis = 0] = axesOf((call.attributes as tf.ConcatAttrs).axis, call.inputs[0]?.shape ?? []);
  const filled = call.inputs.filter((input) => sizeOf(input.shape) > 0);
  return concatenate(filled, axis);
}

function split(call: KernelCall): IrNode[] {
  const x = inputOf(call, 'x');
  const attributes = call.attributes as tf.SplitVAttrs;
  const [axis = 0] = axesOf(attributes.axis, x.shape);
  const sizes = tensorflow().backend_util.prepareSplitSize(
    { shape: [...x.shape] } as tf.Tensor,
    attributes.numOrSizeSplits,
    axis,
  );
  let offset = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? offset : 0));
    offset += size;
    return slice(
      x,
      begin,
      x.shape.map((dimension, i) => (i === axis ? size : dimension)),
    );
  });
}

function sliceKernel(call: KernelCall): IrNode {
  const x = inputOf(call, 'x');
  const { begin, size } = call.attributes as { readonly begin: number[]; readonly size: number[] };
  return slice(
    x,
    begin,
    size.map((length, axis) => (length < 0 ? (x.shape[axis] ?? 0) - (begin[axis] ?? 0) : length)),
  );
}

function pad(call: KernelCall): IrNode {
  const x = inputOf(call, 'x');
  const { paddings, constantValue } = call.attributes as tf.PadV2Attrs;
  const before = paddings.map(([first]) => first);
  const after = paddings.map(([, last]) => last);
  const shape = x.shape.map((dimension, axis) => dimension + (before[axis] ?? 0) + (after[axis] ?? 0));
  return emit({ op: 'pad', before, after, value: constantValue }, [x], shape, x.dtype);
}

function reduce(fn: ReduceFunction): TraceKernel {
  return (call) => {
    const x = inputOf(call, 'x');
    // The maximum alone calls its axes otherwise.
    const attributes = call.attributes as Partial<tf.SumAttrs & tf.MaxAttrs>;
    const axes = axesOf(attributes.axis ?? attributes.reductionIndices, x.shape);
    const keepDimensions = attributes.keepDims ?? false;
    const shape = x.shape.flatMap((dimension, axis) =>
      axes.includes(axis) ? (keepDimensions ? [1] : []) : [dimension],
    );
    const dtype: Dtype = fn === 'mean' ? 'float32' : x.dtype;
    return emit({ op: 'reduce', fn, axes, keepDimensions }, [x], shape, dtype);
  };
}

function alongLastAxis(op: 'softmax' | 'logSoftmax', attribute: 'dim' | 'axis'): TraceKernel {
  return (call) => {
    const logits = inputOf(call, 'logits');
    const last = logits.shape.length - 1;
    const axis = (call.attributes as Record<string, number>)[attribute] ?? last;
    if (axis !== last && axis !== -1)
      throw new Error(`${op} along axis ${String(axis)}; only the last axis is supported`);
    return emit({ op }, [logits], logits.shape);
  };
}

export const shapeKernels: KernelTable = {
  Reshape: (call) => {
    const x = inputOf(call, 'x');
    const { shape } = call.attributes as tf.ReshapeAttrs;
    return reshape(x, tensorflow().util.inferFromImplicitShape(shape, sizeOf(x.shape)));
  },
  ExpandDims: expandDims,
  Transpose: (call) => {
    const x = inputOf(call, 'x');
    const { perm } = call.attributes as tf.TransposeAttrs;
    const shape = perm.map((axis) => x.shape[axis] ?? 0);
    return emit({ op: 'transpose', permutation: perm }, [x], shape, x.dtype);
  },
  Tile: (call) => {
    const x = inputOf(call, 'x');
    const { reps } = call.attributes as tf.TileAttrs;
    return emit(
      { op: 'tile', repeats: reps },
      [x],
      x.shape.map((size, axis) => size * (reps[axis] ?? 1)),
      x.dtype,
    );
  },
  Concat: concat,
  SplitV: split,
  Slice: sliceKernel,
  PadV2: pad,
  Pack: (call) => {
    const { axis } = call.attributes as tf.PackAttrs;
    const expanded = call.inputs.map((input) => {
      const shape = [...input.shape];
      shape.splice(axis, 0, 1);
      return reshape(input, shape);
    });
    return concatenate(expanded, axis);
  },
  Sum: reduce('sum'),
  Mean: reduce('mean'),
  Max: reduce('max'),
  Min: reduce('min'),
  ArgMax: (call) => {
    const x = inputOf(call, 'x');
    const [axis = 0] = axesOf((call.attributes as tf.ArgMaxAttrs).axis, x.shape);
    return emit(
      { op: 'argmax', axis },
      [x],
      x.shape.filter((_, i) => i !== axis),
      'int32',
    );
  },
  Softmax: alongLastAxis('softmax', 'dim'),
  LogSoftmax: alongLastAxis('logSoftmax', 'axis'),
};
