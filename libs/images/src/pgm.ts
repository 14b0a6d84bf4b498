import { WeftError } from '@weft/core';
import type { GreyImage } from './grey-image.ts';
import { pgmHeader, type PgmHeader } from './pgm-header.ts';

/** Decodes a PGM file, binary (`P5`, one or two bytes a pixel) or text (`P2`). Throws 'corrupt' where pixels are missing. */
export function decodePgm(file: Uint8Array): GreyImage {
  const header = pgmHeader(file);
  const { width, height, white, isText } = header;
  const values = isText ? numbersIn(file, header) : samplesIn(file, header);
  const found = values.length;
  if (found < width * height) {
    throw new WeftError('corrupt', `it has ${String(found)} pixels of ${String(width)} x ${String(height)}`);
  }
  const pixels = Float32Array.from({ length: width * height }, (_, at) => {
    return (Math.min(values[at] ?? 0, white) / white) * 255;
  });
  return { width, height, pixels };
}

function samplesIn(file: Uint8Array, { white, dataOffset }: PgmHeader): Uint8Array | Uint16Array {
  const data = file.subarray(dataOffset);
  if (white < 256) return data;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Uint16Array.from({ length: Math.floor(data.length / 2) }, (_, at) => view.getUint16(at * 2));
}

function numbersIn(file: Uint8Array, { dataOffset }: PgmHeader): number[] {
  const text = new TextDecoder('latin1').decode(file.subarray(dataOffset));
  return (text.match(/\d+/g) ?? []).map(Number);
}
