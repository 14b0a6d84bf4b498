import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

/**
 * A tensor over data that belongs to someone else, as a kernel gets it. It counts as a use of the data: freeing the tensor
 * leaves the data to its owner.
 */
export function tensorOver(info: tf.TensorInfo): tf.Tensor {
  const engine = tensorflow().engine();
  engine.backend.incRef(info.dataId);
  return engine.makeTensorFromTensorInfo(info);
}
