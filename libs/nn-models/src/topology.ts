/**
 * Models from text: TF.js topology JSON, the form in which a model travels to trainers and is digested (`topologyOf`).
 *
 * A topology says nothing about values: those are `initialParameters`. What Weft cannot train exactly as written
 * (regularizers, constraints, frozen layers, several inputs or outputs, settings that TF.js would leave out) is refused
 * here, never silently left out.
 */
import type * as tf from '@tensorflow/tfjs';
import { describeError, WeftError } from '@weft/core';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { fromKeras3 } from './keras3-topology.ts';
import { readableTopology } from './readable-topology.ts';
import { tensorflow } from './tensorflow.ts';
import { trainingProblems } from './trainable-model.ts';

/**
 * The model that `text` describes: a topology, or a whole `model.json` of TF.js or Keras (3 included), of which the topology
 * is taken and the weights are left. Variables hold arbitrary values. `origin` names the text in messages, such as a path.
 *
 * Throws a `WeftError`: 'invalid-argument' where the text is not JSON or not a layers model, 'incompatible' where TF.js has
 * no such layer or Weft cannot train the model as it is written.
 */
export async function loadTopology(text: string, origin = 'the topology'): Promise<tf.LayersModel> {
  const { topology, problems } = readableTopology(fromKeras3(modelConfig(parseJson(text, origin), origin)));
  const model = await build(topology, problems, origin);
  const all = [...problems, ...trainingProblems(model)];
  if (all.length === 0) return model;
  model.dispose();
  throw new WeftError('incompatible', `${origin}: ${all.join('; ')}`);
}

async function build(topology: JsonObject, problems: readonly string[], origin: string): Promise<tf.LayersModel> {
  try {
    return await tensorflow().models.modelFromJSON({ modelTopology: topology });
  } catch (thrown) {
    const reason = `TF.js cannot build the model: ${describeError(thrown)}. Layers must be of the TF.js layers API`;
    throw new WeftError('incompatible', `${origin}: ${[...problems, reason].join('; ')}`, { cause: thrown });
  }
}

function parseJson(text: string, origin: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw new WeftError('invalid-argument', `${origin} is not JSON: ${describeError(thrown)}`, { cause: thrown });
  }
}

/** The `{class_name, config}` object within what was read, however it is wrapped. */
function modelConfig(json: Json, origin: string): JsonObject {
  let candidate = json;
  for (const wrapper of ['modelTopology', 'model_config']) {
    if (isJsonObject(candidate) && candidate[wrapper] !== undefined) candidate = candidate[wrapper];
  }
  if (!isJsonObject(candidate) || typeof candidate['class_name'] !== 'string' || candidate['config'] === undefined) {
    const graph = isJsonObject(candidate) && Array.isArray(candidate['node']);
    throw new WeftError(
      'invalid-argument',
      graph
        ? `${origin} is a graph model, which cannot be trained; export the model as a layers model`
        : `${origin} is not a layers model: an object with "class_name" and "config" is expected, as model.toJSON() gives`,
    );
  }
  if (!['Sequential', 'Model', 'Functional'].includes(candidate['class_name'])) {
    throw new WeftError(
      'invalid-argument',
      `${origin} has class_name "${candidate['class_name']}"; a Sequential, Model or Functional is expected`,
    );
  }
  return candidate;
}
