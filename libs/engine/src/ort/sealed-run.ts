/**
 * Runs whose outputs stay where they were written.
 *
 * ONNX Runtime's Node binding hands every output of a run to JavaScript in an ArrayBuffer of its own, even one whose memory the
 * caller has given. A training step then allocates a whole gradient for nobody, which costs a copy and, every few steps, a
 * collection of all garbage: a quarter of the processor time of the deep ANN, a tenth of VGG-16's. But the binding hands out no
 * sequence: it refuses with one error, after the run and before any output that comes later in the graph. So a sealed graph has an
 * empty sequence as its first output, all others have memory, and that error says that the run is complete.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { invariant } from '@weft/core';
import type { Seal } from '../compile.ts';
import { sizeOf } from '../ir/node.ts';
import type { Runtime } from './runtime.ts';
import type { Feeds, Fetches } from './session.ts';

const refusal = 'Non tensor type is temporarily not supported';

/** Runs a sealed graph. Outputs that `fetches` has no tensor for get one here. Throws what a run throws. */
export async function runSealed(
  { Tensor: TensorClass }: Runtime,
  session: InferenceSession,
  seal: Seal,
  feeds: Feeds,
  fetches: Fetches,
): Promise<Readonly<Record<string, Tensor>>> {
  const outputs: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(fetches)) {
    const shape = seal.shapes.get(name);
    invariant(shape !== undefined, `the graph gives no ${name}`);
    outputs[name] = tensor ?? new TensorClass('float32', new Float32Array(sizeOf(shape)), [...shape]);
  }
  try {
    await session.run(feeds, { [seal.name]: null, ...outputs });
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.message.startsWith(refusal))) throw thrown;
  }
  return outputs;
}
