/** From a request to the pixels that a model takes, or the reason why there are none. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { openDataSet, requireIdentity, type DataSet, type FashionMnistOptions } from '@weft/data';
import type { Inversion } from '@weft/images';
import type { PictureRequest } from './picture-operand.ts';
import type { Predictor } from './predictor.ts';

/** A picture ready for the model: grey values of 0 to 255 on black. */
export interface ReadPicture {
  readonly name: string;
  readonly pixels: Float32Array;
  readonly isInverted: boolean;
  /** Class number of an example. */
  readonly label: number | undefined;
}

/** A picture that could not be read. */
export interface UnreadPicture {
  readonly name: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** How pictures are read. */
export interface PictureReaderOptions {
  readonly workingDirectory: string;
  readonly inversion: Inversion;
  readonly data: FashionMnistOptions;
}

export class PictureReader {
  readonly #predictor: Pick<Predictor, 'preprocessing' | 'dataSet' | 'origin'>;
  readonly #options: PictureReaderOptions;
  #dataSet: Promise<DataSet> | undefined;

  constructor(predictor: Pick<Predictor, 'preprocessing' | 'dataSet' | 'origin'>, options: PictureReaderOptions) {
    this.#predictor = predictor;
    this.#options = options;
  }

  /** Never throws for what is wrong with a picture: that is an answer. */
  async read(request: PictureRequest): Promise<ReadPicture | UnreadPicture> {
    const { name } = request;
    try {
      switch (request.kind) {
        case 'file':
          return { name, ...(await this.#file(name)), label: undefined };
        case 'example':
          return { name, isInverted: false, ...(await this.#example(request.example)) };
        case 'nothing':
          return { name, code: 'invalid-argument', reason: request.reason };
      }
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      return { name, code: thrown.code, reason: describeError(thrown) };
    }
  }

  async #file(name: string): Promise<{ readonly pixels: Float32Array; readonly isInverted: boolean }> {
    const { height, width } = this.#predictor.preprocessing;
    const bytes = await readFile(resolve(this.#options.workingDirectory, name)).catch((cause: unknown) => {
      throw unreadable(cause);
    });
    // Loaded at first use: no other command needs the decoders.
    const { decodePicture, modelPicture } = await import('@weft/images');
    const { image, isInverted } = modelPicture(decodePicture(bytes), width, height, this.#options.inversion);
    return { pixels: image.pixels, isInverted };
  }

  async #example(example: number): Promise<{ readonly pixels: Float32Array; readonly label: number | undefined }> {
    const { test } = await (this.#dataSet ??= this.#openDataSet());
    if (example >= test.count) {
      throw new WeftError('not-found', `the test examples are numbered 0 to ${String(test.count - 1)}`);
    }
    const { height, width } = this.#predictor.preprocessing;
    if (height * width !== test.exampleSize) {
      throw new WeftError('incompatible', `the model takes pictures of ${String(width)} x ${String(height)}`);
    }
    const first = example * test.exampleSize;
    const pixels = Float32Array.from(test.images.subarray(first, first + test.exampleSize));
    return { pixels, label: test.labels[example] };
  }

  /** That of the model, with the very examples; Fashion-MNIST for a model that names none. */
  async #openDataSet(): Promise<DataSet> {
    const { dataSet, origin } = this.#predictor;
    const { data } = this.#options;
    if (dataSet === undefined) return openDataSet('fashion-mnist', data);
    const opened = await openDataSet(dataSet.name, { ...data, synthetic: dataSet.settings });
    requireIdentity(opened, dataSet.identity, origin);
    return opened;
  }
}

function unreadable(cause: unknown): WeftError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new WeftError('not-found', 'there is no such file');
  if (code === 'EISDIR') return new WeftError('not-found', 'it is a folder, not a picture');
  return new WeftError('unavailable', `it cannot be read: ${describeError(cause)}`, { cause });
}
