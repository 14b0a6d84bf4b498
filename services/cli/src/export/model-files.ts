import { extname } from 'node:path';
import {
  writeLayersModel,
  writeOnnxModel,
  writeSafetensorsModel,
  type ExportedFile,
  type ExportedModel,
} from '@weft/engine';

/** Formats of exported models. */
export const modelFormats = ['tfjs', 'onnx', 'safetensors'] as const;

export type ModelFormat = (typeof modelFormats)[number];

/** What is written: one file, or a folder of files. */
export type ModelOutput =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'folder'; readonly files: readonly ExportedFile[] };

/** The format that the ending of `path` stands for: a folder for TF.js unless it is `.onnx` or `.safetensors`. */
export function formatOfPath(path: string): ModelFormat {
  const ending = extname(path).toLowerCase();
  return ending === '.onnx' ? 'onnx' : ending === '.safetensors' ? 'safetensors' : 'tfjs';
}

/** `model` in `format`. Throws 'incompatible' where the format cannot hold it. */
export async function modelOutput(model: ExportedModel, format: ModelFormat, version: string): Promise<ModelOutput> {
  switch (format) {
    case 'tfjs':
      return { kind: 'folder', files: await writeLayersModel(model, `Weft ${version}`) };
    case 'onnx':
      return { kind: 'file', bytes: await writeOnnxModel(model, version) };
    case 'safetensors':
      return { kind: 'file', bytes: await writeSafetensorsModel(model) };
  }
}
