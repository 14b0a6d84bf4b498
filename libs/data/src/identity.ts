/**
 * The identity of a data set: a digest that names its content.
 *
 * It covers what training can see (shapes, class names, every image byte and label, which part they are in and their
 * order) and the parameters of a generator. It does not cover how the bytes were stored: a compressed and a plain file
 * of the same images give the same identity.
 */
import { createHash } from 'node:crypto';
import type { DataSet, ExampleSplit } from './data-set.ts';

/** A data set whose identity is not yet known. */
export type UnnamedContent = Omit<DataSet, 'identity' | 'origin'>;

/**
 * `sha256:` and the hexadecimal SHA-256 over a JSON header line and then the raw bytes: training images, training labels,
 * test images, test labels. `parameters` is what else tells the set apart (of a generator; keys in a fixed order).
 */
export function identityOf(
  content: UnnamedContent,
  parameters: Readonly<Record<string, number | string>> = {},
): string {
  const header = {
    name: content.name,
    parameters,
    classNames: content.classNames,
    inputShape: content.inputShape,
    trainCount: content.train.count,
    testCount: content.test.count,
  };
  const hash = createHash('sha256').update(`${JSON.stringify(header)}\n`);
  const add = (split: ExampleSplit): void => void hash.update(split.images).update(split.labels);
  add(content.train);
  add(content.test);
  return `sha256:${hash.digest('hex')}`;
}
