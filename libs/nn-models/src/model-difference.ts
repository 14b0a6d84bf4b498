/** Whether two models are one: what the text of a model is checked by before it is trusted with a run. */
import type * as tf from '@tensorflow/tfjs';
import { leafLayers, type LeafLayer } from './leaf-layers.ts';
import { layoutOf } from './model-layout.ts';
import { topologyOf } from './topology-text.ts';

/**
 * The first thing in which `right` is another model than `left`, as a phrase, or undefined where they are the same: layers,
 * everything that layers are set to (on the instances, not only as TF.js writes it), variables, connections.
 */
export function modelDifference(left: tf.LayersModel, right: tf.LayersModel): string | undefined {
  const others = leafLayers(right);
  for (const [index, leaf] of leafLayers(left).entries()) {
    const other = others[index];
    const kind = leaf.layer.getClassName();
    if (other?.path !== leaf.path || other.layer.getClassName() !== kind) {
      return `it has no layer "${leaf.path}" (${kind}) in its place`;
    }
    const difference = settingDifference(leaf, other);
    if (difference !== undefined) return `layer "${leaf.path}" (${kind}) has ${difference}`;
  }
  if (others.length > leafLayers(left).length) return 'it has more layers';
  if (JSON.stringify(layoutOf(left)) !== JSON.stringify(layoutOf(right))) return 'its variables lie otherwise';
  return topologyOf(left) === topologyOf(right) ? undefined : 'its layers are connected otherwise';
}

function settingDifference({ layer: left }: LeafLayer, { layer: right }: LeafLayer): string | undefined {
  const [one, two] = [settingsOf(left), settingsOf(right)];
  const setting = [...new Set([...one.keys(), ...two.keys()])].sort().find((key) => one.get(key) !== two.get(key));
  return setting && `${setting} ${two.get(setting) ?? 'unset'} instead of ${one.get(setting) ?? 'unset'}`;
}

/** The plain values that an instance holds, and its initializers, activations and the like by class and configuration. */
function settingsOf(layer: tf.layers.Layer): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(layer) as [string, unknown][]) {
    if (key === 'id' || key.startsWith('_') || value === null) continue;
    if (isPlain(value)) settings.set(key, JSON.stringify(value));
    else if (isSerializable(value)) settings.set(key, `${value.getClassName()} ${withoutSeed(value.getConfig())}`);
  }
  return settings;
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}

function isSerializable(value: unknown): value is { getClassName(): string; getConfig(): object } {
  return typeof value === 'object' && value !== null && 'getClassName' in value && 'getConfig' in value;
}

/** What was not given comes back as null; seeds of initializers play no part in Weft. */
function withoutSeed(config: object): string {
  return JSON.stringify(config, (key, value: unknown) => (key === 'seed' || value === null ? undefined : value));
}
