/** What `weft predict` was given as a model: a folder or file on disk, else a run. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import { layersModelFile, readLayersModel, readSafetensorsModel } from '@weft/engine';
import type { RecordPlace } from '../archive/find-recorded-run.ts';
import type { CommandContext } from '../context.ts';
import { isModelReference, modelReferenceRule } from '../export/model-reference.ts';
import { modelSource } from '../export/model-source.ts';
import { compiledPredictor, onnxPredictor, type Predictor } from './predictor.ts';

/**
 * Opens the model that `text` means. What is on disk comes first: a folder with `model.json` (or that file), `.onnx`,
 * `.safetensors`. Throws what is wrong with it, and 'not-found' where there is neither a file nor a run.
 */
export async function openModel(text: string, place: RecordPlace, context: CommandContext): Promise<Predictor> {
  const path = resolve(context.workingDirectory, text);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const file = join(path, layersModelFile);
    if ((await stat(file).catch(() => undefined)) !== undefined) return opened(file, text);
  }
  if (found?.isFile() === true) return opened(path, text);
  if (isModelReference(text)) {
    const { model, runId } = await modelSource(text, place, context).catch((cause: unknown) => {
      if (!(cause instanceof WeftError) || cause.code !== 'not-found') throw cause;
      throw new WeftError('not-found', `MODEL: "${text}" is no file, and ${describeError(cause)}`, { cause });
    });
    return compiledPredictor(model, `run ${runId}`);
  }
  const problem = found === undefined ? 'there is no such file' : `that folder has no ${layersModelFile}`;
  throw new WeftError('not-found', `MODEL: "${text}": ${problem}, and it is not ${modelReferenceRule}`);
}

async function opened(path: string, origin: string): Promise<Predictor> {
  const ending = extname(path).toLowerCase();
  switch (ending) {
    case '.json': {
      const folder = dirname(path);
      const model = await readLayersModel(
        (name) => bytesOf(name === layersModelFile ? path : join(folder, basename(name))),
        origin,
      );
      return compiledPredictor(model, origin);
    }
    case '.onnx':
      return onnxPredictor(await bytesOf(path), origin);
    case '.safetensors':
      return compiledPredictor(await readSafetensorsModel(await bytesOf(path), origin), origin);
    default:
      throw new WeftError(
        'invalid-argument',
        `MODEL: "${origin}" ends in neither .json, .onnx nor .safetensors; weft export writes models`,
      );
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new WeftError('not-found', `cannot read ${path}: ${describeError(cause)}`, { cause });
  });
}
