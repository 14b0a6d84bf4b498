/**
 * Topologies as Keras 3 writes them, in the older form that TF.js reads. What is in that form already stays as it is.
 *
 * Three things differ: an input layer's shape is called `batch_shape`, a dtype is a policy object, and a layer's inbound nodes
 * are calls with arguments instead of lists of `[layer, node, tensor, options]`.
 */
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** `topology` with every part that only Keras 3 has rewritten. */
export function fromKeras3(topology: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(topology).map(([key, value]) => entry(key, value)));
}

function rewritten(topology: Json): Json {
  if (Array.isArray(topology)) return topology.map(rewritten);
  if (!isJsonObject(topology)) return topology;
  if (topology['class_name'] === 'DTypePolicy' || topology['class_name'] === 'Policy') return policyName(topology);
  return fromKeras3(topology);
}

function entry(key: string, value: Json): [string, Json] {
  if (key === 'batch_shape') return ['batch_input_shape', value];
  if (key === 'inbound_nodes' && Array.isArray(value)) return [key, value.map(inboundNode)];
  if (key === 'input_layers' || key === 'output_layers') return [key, listOfReferences(value)];
  return [key, rewritten(value)];
}

function policyName({ config }: JsonObject): Json {
  return isJsonObject(config) ? (config['name'] ?? 'float32') : 'float32';
}

/** One call of a layer: `{args, kwargs}` becomes a list of its input tensors, each with the options of the call. */
function inboundNode(node: Json): Json {
  if (!isJsonObject(node) || node['args'] === undefined) return node;
  const given = isJsonObject(node['kwargs']) ? Object.entries(node['kwargs']) : [];
  // `mask: null` and the like are what is handed on where nothing is.
  const options = Object.fromEntries(given.filter(([, value]) => value !== null));
  return tensorsWithin(node['args']).map((reference) => [...reference, options]);
}

/** The `[layer, node, tensor]` references of all tensors within arguments, in order. */
function tensorsWithin(value: Json): Json[][] {
  if (Array.isArray(value)) return value.flatMap(tensorsWithin);
  if (!isJsonObject(value) || value['class_name'] !== '__keras_tensor__' || !isJsonObject(value['config'])) return [];
  const history = value['config']['keras_history'];
  return Array.isArray(history) ? [history] : [];
}

/** Keras 3 writes the only input or output as `[layer, node, tensor]`, without the list around it. */
function listOfReferences(value: Json): Json {
  return Array.isArray(value) && typeof value[0] === 'string' ? [value] : value;
}
