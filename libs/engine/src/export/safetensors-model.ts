/**
 * A trained model as one safetensors file: a float32 tensor a variable, named as in Keras (`dense_1/kernel`), and under
 * `__metadata__` the topology, so that the file alone is enough to predict with.
 */
import { WeftError } from '@weft/core';
import { layoutOf, loadTopology, type ParameterLayout } from '@weft/nn-models';
import { decodeHeader, encodeHeader, type TensorEntry } from '../checkpoint/safetensors.ts';
import { lossNames } from '../engine.ts';
import { metadataTexts, type ExportedModel, type MetadataValue, type ModelMetadata } from './exported-model.ts';
import { parametersOf } from './named-parameters.ts';

const format = 'weft-model-1';

/** The file's bytes, a fresh buffer. Metadata that are no texts are JSON there. */
export async function writeSafetensorsModel(model: ExportedModel): Promise<Uint8Array> {
  const { topology, parameters, loss, metadata } = model;
  const { entries } = await layoutOfTopology(topology);
  const tensors = new Map<string, TensorEntry>();
  for (const { name, shape, offset, length } of entries) {
    tensors.set(name, { dtype: 'F32', shape, begin: offset * 4, end: (offset + length) * 4 });
  }
  const texts = { ...metadataTexts(metadata), format, topology, ...(loss === undefined ? {} : { loss }) };
  const header = encodeHeader({ tensors, metadata: texts });
  const bytes = new Uint8Array(header.length + parameters.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength), header.length);
  return bytes;
}

/**
 * The model of such a file; `origin` names it in messages. Throws 'corrupt' where it is not whole, and 'incompatible' where it
 * holds no topology or its tensors do not fit it.
 */
export async function readSafetensorsModel(file: Uint8Array, origin: string): Promise<ExportedModel> {
  const { header, dataOffset } = decodeHeader(file);
  const { topology, loss, format: found = 'none', ...texts } = header.metadata;
  if (topology === undefined) {
    throw new WeftError(
      'incompatible',
      `${origin} holds tensors without a topology (its format is ${found}, not ${format}); export the run again`,
    );
  }
  const layout = await layoutOfTopology(topology);
  const names = layout.entries.map(({ name }) => name);
  return {
    topology,
    parameters: parametersOfTensors(file, header.tensors, dataOffset, layout, names, origin),
    loss: lossNames.find((name) => name === loss),
    metadata: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, parsed(text)])),
  };
}

/** The parameters in a run's checkpoint, whose optimizer state is left; a fresh buffer. Throws as `readSafetensorsModel`. */
export async function checkpointParameters(file: Uint8Array, topology: string, origin: string): Promise<Float32Array> {
  const { header, dataOffset } = decodeHeader(file);
  const layout = await layoutOfTopology(topology);
  const names = layout.entries.map(({ name }) => name);
  return parametersOfTensors(file, header.tensors, dataOffset, layout, names, origin);
}

function parametersOfTensors(
  file: Uint8Array,
  entries: ReadonlyMap<string, TensorEntry>,
  dataOffset: number,
  layout: ParameterLayout,
  names: readonly string[],
  origin: string,
): Float32Array {
  const tensors = new Map(
    [...entries].map(([name, { shape, begin, end }]) => [
      name,
      { shape, bytes: file.subarray(dataOffset + begin, dataOffset + end) },
    ]),
  );
  return parametersOf(tensors, layout, names, origin);
}

async function layoutOfTopology(topology: string): Promise<ParameterLayout> {
  const model = await loadTopology(topology);
  try {
    return layoutOf(model);
  } finally {
    model.dispose();
  }
}

/** The value of a metadata text: JSON where it is an object or a list, else the text. */
function parsed(text: string): MetadataValue {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as ModelMetadata[string];
  } catch {
    return text;
  }
}
