import { tensorflow } from '@weft/nn-models';

/**
 * Runs `work` and frees every tensor made in it. Like `tf.tidy`, but the result may be anything that is no tensor: `tidy`
 * walks its result element by element to look for tensors, which takes seconds for a large buffer.
 */
export function inTensorScope<T>(work: () => T): T {
  const engine = tensorflow().engine();
  engine.startScope();
  try {
    return work();
  } finally {
    engine.endScope();
  }
}
