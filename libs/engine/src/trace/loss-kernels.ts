/** Kernels of Weft's own, which exist on the tracing back end only: what a loss from logits needs. */
import { tensorflow } from '@weft/nn-models';
import type * as tf from '@tensorflow/tfjs';
import { emit, inputOf, type KernelTable } from './kernel.ts';

export const lossKernels: KernelTable = {
  WeftGatherClass: (call) => {
    const [values, classes] = [inputOf(call, 'values'), inputOf(call, 'classes')];
    return emit({ op: 'gatherClass' }, [values, classes], classes.shape);
  },
  WeftOneHot: (call) => {
    const classes = inputOf(call, 'classes');
    const { count } = call.attributes as { readonly count: number };
    return emit({ op: 'oneHot' }, [classes], [...classes.shape, count]);
  },
};

/** The value of each row's class: `values` [n, k], `classes` [n] of int32, result [n]. Not differentiable. */
export function gatherClass(values: tf.Tensor, classes: tf.Tensor): tf.Tensor {
  return tensorflow().engine().runKernel('WeftGatherClass', { values, classes });
}

/** Rows of zeros with a one at each class: `classes` [n] of int32, result [n, count] of float32. */
export function oneHot(classes: tf.Tensor, count: number): tf.Tensor {
  return tensorflow().engine().runKernel('WeftOneHot', { classes }, { count });
}

/** log(softmax(z)) along the last axis, as one node. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  return tensorflow()
    .engine()
    .runKernel('LogSoftmax', { logits }, { axis: logits.rank - 1 });
}
