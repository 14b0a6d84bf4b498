import { describeError, WeftError } from '@weft/core';
import { encodeModel } from '../onnx/encode.ts';
import { Tracer } from '../trace/tracer.ts';
import { metadataTexts, type ExportedModel } from './exported-model.ts';
import { inferenceGraph, tracedRows } from './inference-graph.ts';

/**
 * The model at inference as an ONNX file: the graph that the compiled engine runs, in ONNX's own layout, for any number of
 * examples. Input `image`, [N, ...shape of the model's input], float32; output `probabilities`, or `outputs` where the loss does
 * not make it that. Throws 'incompatible' where the compiler does not know a layer.
 */
export async function writeOnnxModel(model: ExportedModel, producerVersion: string): Promise<Uint8Array> {
  const { parameters, loss, metadata } = model;
  const isProbability = loss === 'categoricalCrossentropy' || loss === 'binaryCrossentropy';
  const tracer = await opened(model);
  try {
    const output = isProbability ? 'probabilities' : 'outputs';
    const graph = inferenceGraph(tracer, parameters, { input: 'image', output });
    return encodeModel(graph, {
      producerVersion,
      metadata: metadataTexts(metadata),
      open: { size: tracedRows, name: 'N' },
    });
  } finally {
    tracer.dispose();
  }
}

async function opened({ topology, loss }: ExportedModel): Promise<Tracer> {
  try {
    return await Tracer.open({ topology, loss: loss ?? 'meanSquaredError', input: 'float32', seed: 0 });
  } catch (cause) {
    if (!(cause instanceof WeftError)) throw cause;
    throw new WeftError(cause.code, `the model cannot be written as ONNX: ${describeError(cause)}`, { cause });
  }
}
