/** Predictions by ONNX files, of Weft or of another writer, on ONNX Runtime as any program would use it. */
import type { InferenceSession } from 'onnxruntime-node';
import { describeError, WeftError } from '@weft/core';
import { loadRuntime } from '../ort/runtime.ts';
import { onnxMetadata } from './onnx-metadata.ts';

/** An ONNX model with one float32 input and one float32 output. */
export interface OnnxPredictor {
  /** Of one example. */
  readonly inputShape: readonly number[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Output rows for `count` examples, row-major; a fresh buffer. */
  predict(inputs: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

const oneThread: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };

/**
 * Opens the model in `file`; `origin` names it. Throws 'corrupt' where ONNX Runtime cannot read it, and 'incompatible' where it
 * has other inputs. `options` are the session's.
 */
export async function openOnnxPredictor(
  file: Uint8Array,
  origin: string,
  options: InferenceSession.SessionOptions = oneThread,
): Promise<OnnxPredictor> {
  const metadata = onnxMetadata(file);
  const runtime = await loadRuntime();
  const session = await runtime.InferenceSession.create(file, options).catch((cause: unknown) => {
    throw new WeftError('corrupt', `${origin} is no model for ONNX Runtime: ${describeError(cause)}`, { cause });
  });
  const [input, ...others] = session.inputMetadata;
  const [output] = session.outputNames;
  if (input?.isTensor !== true || input.type !== 'float32' || others.length > 0 || output === undefined) {
    await session.release();
    throw new WeftError('incompatible', `${origin}: a model with one input, of float32, is expected`);
  }
  const { name, shape } = input;
  const inputShape = shape.slice(1).map((length) => (typeof length === 'number' ? length : 1));
  return {
    inputShape,
    metadata,
    predict: async (inputs, count) => {
      const results = await session.run({ [name]: new runtime.Tensor('float32', inputs, [count, ...inputShape]) });
      const values = results[output]?.data;
      if (values instanceof Float32Array) return values.slice();
      throw new WeftError('incompatible', `${origin}: its output ${output} is not float32`);
    },
    close: () => session.release(),
  };
}
