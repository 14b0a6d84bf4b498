/**
 * A trained model as a folder that `tf.loadLayersModel` loads: `model.json` with topology and manifest, and the weights in files
 * of at most 4 MiB, the size that browsers cache.
 */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { layoutOf, loadTopology, tensorflow, topologyOf, variablesOf } from '@weft/nn-models';
import { lossNames } from '../engine.ts';
import type { ExportedModel, ModelMetadata } from './exported-model.ts';
import { parametersOf, type NamedTensor } from './named-parameters.ts';

/** A file of an export, by its name within it. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file of such a folder that says what the others are. */
export const layersModelFile = 'model.json';

const shardBytes = 4 * 1024 * 1024;

/** What is read of `model.json` beside the topology. */
interface Description {
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly quantization?: unknown;
    }[];
  }[];
  readonly userDefinedMetadata?: ModelMetadata;
}

/**
 * The files, `model.json` first. Metadata and loss are in `userDefinedMetadata`, which TF.js hands on. Throws 'incompatible'
 * where two variables would have one name.
 */
export async function writeLayersModel(model: ExportedModel, producer: string): Promise<ExportedFile[]> {
  const { topology, parameters, loss, metadata } = model;
  const built = await loadTopology(topology);
  const { entries } = layoutOf(built);
  const names = weightNames(built);
  built.dispose();
  const bytes = new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength);
  const count = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const shards = Array.from({ length: count }, (_, index) => ({
    name: `group1-shard${String(index + 1)}of${String(count)}.bin`,
    bytes: bytes.slice(index * shardBytes, (index + 1) * shardBytes),
  }));
  const weights = entries.map(({ shape }, index) => ({ name: names[index] ?? '', shape, dtype: 'float32' }));
  const description = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tensorflow().version['tfjs-layers']}`,
    convertedBy: producer,
    modelTopology: JSON.parse(topology) as unknown,
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights }],
    userDefinedMetadata: { ...metadata, ...(loss === undefined ? {} : { loss }) },
  };
  return [{ name: layersModelFile, bytes: new TextEncoder().encode(`${JSON.stringify(description)}\n`) }, ...shards];
}

/**
 * The model of such a folder, of Weft or another writer; `readFile` gives the bytes of a file of it by its name, and `origin` names it in
 * messages. Throws what `readFile` and `loadTopology` throw, and 'incompatible' where weights are missing, of another shape or
 * quantized.
 */
export async function readLayersModel(
  readFile: (name: string) => Promise<Uint8Array>,
  origin: string,
): Promise<ExportedModel> {
  const text = new TextDecoder().decode(await readFile(layersModelFile));
  const built = await loadTopology(text, `${origin}/${layersModelFile}`);
  // `loadTopology` has seen that it is JSON.
  const { weightsManifest = [], userDefinedMetadata = {} } = JSON.parse(text) as Description;
  const tensors = new Map<string, NamedTensor>();
  for (const { paths, weights } of weightsManifest) {
    const pieces = await Promise.all(paths.map(readFile));
    const bytes = Buffer.concat(pieces);
    let offset = 0;
    for (const { name, shape, dtype, quantization } of weights) {
      if (dtype !== 'float32' || quantization !== undefined) {
        throw new WeftError('incompatible', `${origin}: its weight ${name} is not plain float32`);
      }
      const length = shape.reduce((product, size) => product * size, 4);
      tensors.set(name, { shape, bytes: bytes.subarray(offset, offset + length) });
      offset += length;
    }
  }
  try {
    const parameters = parametersOf(tensors, layoutOf(built), weightNames(built), origin);
    const { loss, ...metadata } = userDefinedMetadata;
    return { topology: topologyOf(built), parameters, loss: lossNames.find((name) => name === loss), metadata };
  } finally {
    built.dispose();
  }
}

/** The names by which TF.js finds the variables, in layout order: without the nested models that lead to a layer. */
function weightNames(model: tf.LayersModel): string[] {
  const names = variablesOf(model).map(({ variable }) => variable.originalName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw new WeftError(
    'incompatible',
    `TF.js cannot tell weights apart: two are called ${twice}; name layers differently`,
  );
}
