/**
 * What the tracer changes in a topology before it builds the model. Pure functions on JSON: TF.js is not touched.
 *
 * Values of variables never reach the tracer, so initializers are all zeros (building a large model is then cheap, and no
 * initializer runs kernels). A final activation that belongs with the loss is taken off: the loss is computed from logits.
 */
import type { LossName } from '../engine.ts';

/** What stands between the traced model's output and the model's own output. */
export type Head = 'linear' | 'softmax' | 'sigmoid';

export interface TraceableTopology {
  readonly topology: string;
  readonly head: Head;
}

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

/** The activation that makes, with each loss, a stable pair. */
const headOfLoss: Readonly<Record<LossName, Head>> = {
  categoricalCrossentropy: 'softmax',
  binaryCrossentropy: 'sigmoid',
  meanSquaredError: 'linear',
};

/** `text` (topology JSON, wrapped or not) as it is traced for `loss`. Text that is no layers model comes back as it is. */
export function traceable(text: string, loss: LossName): TraceableTopology {
  const root = withZeroInitializers(JSON.parse(text) as Json);
  const wanted = headOfLoss[loss];
  const taken = wanted !== 'linear' && takeFinalActivation(unwrap(root), wanted);
  return { topology: JSON.stringify(root), head: taken ? wanted : 'linear' };
}

function withZeroInitializers(json: Json): Json {
  if (Array.isArray(json)) return json.map(withZeroInitializers);
  if (!isObject(json)) return json;
  const entries = Object.entries(json).map(([key, value]): [string, Json] =>
    /_?initializer$/i.test(key) && value !== null
      ? [key, { class_name: 'Zeros', config: {} }]
      : [key, withZeroInitializers(value)],
  );
  return Object.fromEntries(entries);
}

function unwrap(json: Json): Json {
  let inner = json;
  for (const wrapper of ['modelTopology', 'model_config']) {
    if (isObject(inner) && inner[wrapper] !== undefined) inner = inner[wrapper];
  }
  return inner;
}

/** Replaces the activation of the last layer of `model` by none, in place, where it is `activation` and nothing else reads it. */
function takeFinalActivation(model: Json | undefined, activation: Head): boolean {
  const layer = finalLayer(model);
  if (layer === undefined) return false;
  if ('layers' in (isObject(layer['config'] ?? null) ? (layer['config'] as JsonObject) : {})) {
    return takeFinalActivation(layer, activation);
  }
  const config = layer['config'];
  if (!isObject(config ?? null)) return false;
  const settings = config as JsonObject;
  if (
    layer['class_name'] === 'Softmax' &&
    activation === 'softmax' &&
    [undefined, -1].includes(settings['axis'] as -1)
  ) {
    layer['class_name'] = 'Activation';
    delete settings['axis'];
  } else if (settings['activation'] !== activation) {
    return false;
  }
  settings['activation'] = 'linear';
  return true;
}

function finalLayer(model: Json | undefined): JsonObject | undefined {
  if (!isObject(model ?? null)) return undefined;
  const config = (model as JsonObject)['config'] ?? null;
  const layers = Array.isArray(config) ? config : isObject(config) ? config['layers'] : undefined;
  if (!Array.isArray(layers)) return undefined;
  const objects = layers.filter(isObject);
  if (!isObject(config) || config['output_layers'] === undefined) return objects.at(-1);
  const outputs = (config['output_layers'] as Json[]).flat(2);
  const name = outputs.find((item) => typeof item === 'string');
  const isRead = objects.some((layer) => references(layer['inbound_nodes'] ?? [], name));
  return isRead ? undefined : objects.find((layer) => layer['name'] === name);
}

function references(json: Json, name: Json | undefined): boolean {
  return Array.isArray(json) ? json.some((item) => references(item, name)) : json === name;
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
