/**
 * A topology as TF.js reads it rightly: what TF.js knows by another name is renamed, and what it would misread or leave out is
 * listed. Only the text is looked at; what a built model shows is `trainingProblems`'s.
 */
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { unreadSettings } from './layer-settings.ts';

/** The topology to build from, and all that is wrong with it, by path of layers. */
export interface ReadableTopology {
  readonly topology: JsonObject;
  readonly problems: readonly string[];
}

/** Rewrites and checks `topology`, an object of class name and configuration in TF.js's form. It stays as it is. */
export function readableTopology(topology: JsonObject): ReadableTopology {
  const problems: string[] = [];
  return { topology: withReadableLayers(topology, '', problems), problems };
}

function withReadableLayers(model: JsonObject, prefix: string, problems: string[]): JsonObject {
  const config = model['config'];
  // Old files of sequential models hold the list of layers itself.
  if (Array.isArray(config)) return { ...model, config: readableLayers(config, prefix, problems) };
  if (!isJsonObject(config) || !Array.isArray(config['layers'])) return model;
  return { ...model, config: { ...config, layers: readableLayers(config['layers'], prefix, problems) } };
}

function readableLayers(layers: readonly Json[], prefix: string, problems: string[]): Json[] {
  return layers.map((layer, index) => {
    if (!isJsonObject(layer) || typeof layer['class_name'] !== 'string') return layer;
    const config = layer['config'];
    const own = isJsonObject(config) ? config['name'] : undefined;
    const name =
      typeof own === 'string' ? own : typeof layer['name'] === 'string' ? layer['name'] : `#${String(index)}`;
    const path = `${prefix}${name}`;
    const report = (problem: string): void => void problems.push(`layer "${path}" ${problem}`);
    checkCalls(layer['inbound_nodes'], report);
    if (['Sequential', 'Model', 'Functional'].includes(layer['class_name'])) {
      return withReadableLayers(layer, `${path}/`, problems);
    }
    if (!isJsonObject(config)) return layer;
    const readable = renamed(layer['class_name'], config, report);
    checkSettings(layer['class_name'], readable, report);
    return { ...layer, config: readable };
  });
}

type Report = (problem: string) => void;

/** Settings by the names and in the forms that TF.js knows. */
function renamed(kind: string, config: JsonObject, report: Report): JsonObject {
  const { axis, alpha, negative_slope: slope } = config;
  if (kind === 'BatchNormalization' && Array.isArray(axis)) {
    const [only] = axis;
    if (axis.length === 1 && only !== undefined) return { ...config, axis: only };
    report(`normalizes over the axes ${JSON.stringify(axis)}; exactly one is supported`);
    // Any axis lets the model be built, so that its other problems are found too.
    return { ...config, axis: -1 };
  }
  if (kind === 'LeakyReLU' && slope !== undefined && (alpha === undefined || alpha === slope)) {
    return Object.fromEntries(
      Object.entries({ ...config, alpha: slope }).filter(([setting]) => setting !== 'negative_slope'),
    );
  }
  if (kind === 'SeparableConv2D') {
    // Keras 2 writes the initializer that the layer inherits and does not use; TF.js refuses it.
    return Object.fromEntries(Object.entries(config).filter(([setting]) => setting !== 'kernel_initializer'));
  }
  return config;
}

function checkSettings(kind: string, config: JsonObject, report: Report): void {
  for (const { setting, value, harmless } of unreadSettings(kind, config)) {
    const shown = `sets ${setting} to ${JSON.stringify(value)}, which TF.js leaves out`;
    report(harmless.length === 0 ? shown : `${shown}; it may only be ${JSON.stringify(harmless[0])}`);
  }
  const { dtype } = config;
  if (typeof dtype === 'string' && dtype !== 'float32' && kind !== 'InputLayer') {
    report(`computes in ${dtype}; only float32 is supported`);
  }
  for (const [setting, value] of Object.entries(config)) {
    if (setting.endsWith('_initializer') && isJsonObject(value)) checkInitializer(setting, value, report);
  }
  const { depthwise_initializer: depthwise, pointwise_initializer: pointwise } = config;
  if (kind === 'SeparableConv2D' && isJsonObject(pointwise) && withoutSeed(pointwise) !== withoutSeed(depthwise)) {
    report('has a pointwise_initializer other than its depthwise_initializer, which TF.js uses for both');
  }
}

/** Where TF.js takes a zero for "not given". */
const misreadZeros: Readonly<Record<string, readonly string[]>> = {
  RandomUniform: ['minval', 'maxval'],
  RandomNormal: ['stddev'],
  TruncatedNormal: ['stddev'],
};

function checkInitializer(setting: string, { class_name: kind, config }: JsonObject, report: Report): void {
  const places = typeof kind === 'string' ? (misreadZeros[kind] ?? []) : [];
  for (const place of places) {
    if (isJsonObject(config) && config[place] === 0) {
      report(`has a ${setting} with ${place} 0, which TF.js replaces by its default`);
    }
  }
}

/** What Keras hands to a layer beside its inputs, such as `training: false`, has no effect in TF.js's training. */
function checkCalls(nodes: Json | undefined, report: Report): void {
  if (!Array.isArray(nodes)) return;
  const given = nodes
    .flatMap((node) => (Array.isArray(node) ? node : []))
    .flatMap((reference) => {
      const options = Array.isArray(reference) ? reference[3] : undefined;
      return isJsonObject(options) ? Object.entries(options).filter(([, value]) => value !== null) : [];
    });
  const shown = new Set(given.map(([option, value]) => `${option}: ${JSON.stringify(value)}`));
  for (const option of shown) report(`is called with ${option}, which TF.js leaves out`);
}

/** An initializer as text, without what says nothing about its distribution. */
function withoutSeed(initializer: Json | undefined): string {
  const left = ['seed', 'module', 'registered_name'];
  const distribution = initializer ?? null;
  return JSON.stringify(distribution, (key, value: unknown) => (left.includes(key) ? undefined : value));
}
