/** The model of a run: a registered architecture, or a layers topology from a file. */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import {
  architecture,
  architectureNames,
  faithfulTopology,
  isArchitectureName,
  loadTopology,
  summaryOf,
  topologyOf,
} from '@weft/nn-models';

/** A model as it travels. */
export interface ModelSource {
  /** Architecture name, or the stem of the file. */
  readonly name: string;
  readonly topologyJson: string;
  /** Sizes of one example. */
  readonly inputShape: number[];
  readonly outputShape: number[];
  readonly parameters: number;
}

/** What `--model` may be, for help pages and messages. */
export const modelRule = `one of ${architectureNames.join(', ')}, or the path of a TF.js or Keras model.json`;

/** Whether `text` can be a model: a name, or something that looks like a path to a JSON file. */
export function isModelText(text: string): boolean {
  return isArchitectureName(text) || text.endsWith('.json');
}

/** Builds or reads the model. Throws 'not-found' for a file that cannot be read, else what `faithfulTopology` throws. */
export async function readModel(text: string, workingDirectory: string): Promise<ModelSource> {
  const name = isArchitectureName(text) ? text : basename(text, '.json');
  const path = resolve(workingDirectory, text);
  const model = isArchitectureName(text) ? architecture(text).build() : await loadTopology(await readText(path), path);
  try {
    const topologyJson = isArchitectureName(text) ? topologyOf(model) : await faithfulTopology(model, path);
    const { parameters, inputShape, outputShape } = summaryOf(model);
    return { name, topologyJson, inputShape: [...inputShape], outputShape: [...outputShape], parameters };
  } finally {
    model.dispose();
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WeftError('not-found', `--model: cannot read ${path}: ${describeError(cause)}`, { cause });
  });
}
