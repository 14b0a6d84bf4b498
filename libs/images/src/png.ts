import { WeftError } from '@weft/core';
import { convertIndexedToRgb, decode, encode } from 'fast-png';
import type { GreyImage } from './grey-image.ts';
import { greyOf } from './luminance.ts';

/**
 * Decodes a PNG file of any kind: grey, colour, palette, with alpha, 1 to 16 bits. Throws what the decoder throws, and
 * 'incompatible' for the one kind that it takes apart wrongly: interlaced, with less than a byte a pixel.
 */
export function decodePng(file: Uint8Array): GreyImage {
  const [bits = 0, isInterlaced] = [file[24], file[28] === 1];
  if (isInterlaced && bits < 8) {
    const kind = `an interlaced PNG of ${String(bits)} bits a pixel`;
    throw new WeftError('incompatible', `it is ${kind}, which is not read; save it without interlacing`);
  }
  const png = decode(file, { checkCrc: true });
  const { width, height, depth, channels, data, palette, transparency } = png;
  if (palette !== undefined && channels === 1) {
    const values = convertIndexedToRgb(png);
    return greyOf({ width, height, channels: values.length / (width * height), values, white: 255 });
  }
  const values = depth < 8 ? unpacked(data, width, height, depth) : data;
  const white = 2 ** depth - 1;
  const grey = greyOf({ width, height, channels, values, white });
  if (transparency !== undefined) whiten(grey, values, channels, transparency);
  return grey;
}

/** The picture as a grey PNG file of 8 bits; values are rounded and cut to [0, 255]. */
export function encodePng({ width, height, pixels }: GreyImage): Uint8Array {
  const data = Uint8ClampedArray.from(pixels);
  if (data.length !== width * height || data.length === 0) {
    const size = `${String(width)} x ${String(height)}`;
    throw new WeftError('invalid-argument', `a picture of ${size} has not ${String(data.length)} pixels`);
  }
  return encode({ width, height, data, channels: 1, depth: 8 });
}

/** One value a pixel from rows of bits, each of which begins with a byte. */
function unpacked(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const values = new Uint8Array(width * height);
  const perByte = 8 / depth;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)] ?? 0;
      values[y * width + x] = (byte >> (8 - depth - (x % perByte) * depth)) & (2 ** depth - 1);
    }
  }
  return values;
}

/** Pixels of the one colour that stands for transparency become white. */
function whiten(
  { pixels }: GreyImage,
  values: ArrayLike<number>,
  channels: number,
  transparency: ArrayLike<number>,
): void {
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    let isTransparent = true;
    for (let channel = 0; channel < channels; channel++) {
      isTransparent &&= values[pixel * channels + channel] === transparency[channel];
    }
    if (isTransparent) pixels[pixel] = 255;
  }
}
