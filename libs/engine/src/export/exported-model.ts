/** A trained model as files hold it: all that is needed to predict, and nothing of how it was trained. */
import type { LossName } from '../engine.ts';

/** A JSON value. */
export type MetadataValue =
  null | boolean | number | string | readonly MetadataValue[] | { readonly [key: string]: MetadataValue };

/** What a file says of its model to people and programs: class names, preprocessing, origin. */
export type ModelMetadata = Readonly<Record<string, MetadataValue>>;

/** A trained model. */
export interface ExportedModel {
  /** TF.js topology JSON text, as `topologyOf` gives it. */
  readonly topology: string;
  /** All variables in layout order, moving averages of batch normalization among them. */
  readonly parameters: Float32Array;
  /** The loss it was trained with, which says whether its outputs are probabilities; undefined where that is not known. */
  readonly loss: LossName | undefined;
  readonly metadata: ModelMetadata;
}

/** Values as texts, for formats that hold nothing else: texts stay as they are, other values become JSON. */
export function metadataTexts(metadata: ModelMetadata): Record<string, string> {
  const texts = Object.entries(metadata).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}
