/** Kernels that losses need, one of them Weft's own, which exists on the tracing back end only. */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { irDtype } from './backend.ts';
import { cast } from './elementwise-kernels.ts';
import { emit, inputOf, type KernelTable } from './kernel.ts';

export const lossKernels: KernelTable = {
  WeftGatherClass: (call) => {
    const [values, classes] = [inputOf(call, 'values'), inputOf(call, 'classes')];
    return emit({ op: 'gatherClass' }, [values, classes], classes.shape);
  },
  OneHot: (call) => {
    const classes = inputOf(call, 'indices');
    const { depth, dtype } = call.attributes as tf.OneHotAttrs;
    return cast(emit({ op: 'oneHot' }, [classes], [...classes.shape, depth]), irDtype(dtype));
  },
};

/** The value of each row's class: `values` [n, k], `classes` [n] of int32, result [n]. Not differentiable. */
export function gatherClass(values: tf.Tensor, classes: tf.Tensor): tf.Tensor {
  return tensorflow().engine().runKernel('WeftGatherClass', { values, classes });
}

/** log(softmax(z)) along the last axis, as one node. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  return tensorflow()
    .engine()
    .runKernel('LogSoftmax', { logits }, { axis: logits.rank - 1 });
}
