import type * as tf from '@tensorflow/tfjs';

/** Names of the registered architectures, from the smallest to the largest. */
export const architectureNames = [
  'initial-nn',
  'dropout-ann',
  'deep-ann',
  'simple-cnn',
  'dropout-cnn',
  'deep-cnn-bn',
  'vgg16',
] as const;

export type ArchitectureName = (typeof architectureNames)[number];

/** One architecture of the study, for 28 x 28 grey images and ten classes. */
export interface Architecture {
  readonly name: ArchitectureName;
  /** Name for people, as the study writes it. */
  readonly title: string;
  /** Where the form comes from, and what was chosen where the source leaves it open. */
  readonly source: string;
  /** Shape of one example. A row of 784 values fills it in row-major order, whatever its rank. */
  readonly inputShape: readonly number[];
  /**
   * A fresh model, whose layers have the same names in every process, so that its topology text is always the same. The
   * values of its variables are TF.js's own and of no use: take `initialParameters`.
   */
  readonly build: () => tf.LayersModel;
}
