/**
 * What a picture file says at its beginning: its format and size, so that one that is too large is refused before any of it is
 * decoded.
 */
import { WeftError } from '@weft/core';
import { jpegHeader } from './jpeg-header.ts';
import { pgmHeader } from './pgm-header.ts';

/** Format and size of a picture. */
export interface PictureHeader {
  readonly format: 'png' | 'jpeg' | 'pgm';
  readonly width: number;
  readonly height: number;
}

/** Pixels of the largest picture that is decoded. */
const mostPixels = 50_000_000;

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Formats that are told apart to be refused by their names. */
const otherFormats: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, 'GIF'],
  [/^RIFF.{4}WEBP/s, 'WebP'],
  [/^BM/, 'BMP'],
  [/^(?:II\*\0|MM\0\*)/, 'TIFF'],
  [/^.{4}ftyp(?:heic|heix|mif1)/s, 'HEIC'],
  [/^.{4}ftypavif/s, 'AVIF'],
  [/^P[1346]\s/, 'PBM or PPM'],
  [/^\s*(?:<\?xml|<svg)/, 'SVG'],
];

/**
 * Throws 'incompatible' where `file` is no PNG, JPEG or PGM, 'corrupt' where its header is not whole, and 'too-large' above 50
 * megapixels.
 */
export function pictureHeader(file: Uint8Array): PictureHeader {
  const header = headerOf(file);
  const { width, height } = header;
  if (!(width >= 1 && height >= 1))
    throw new WeftError('corrupt', `it has ${String(width)} x ${String(height)} pixels`);
  if (width * height <= mostPixels) return header;
  const size = `${String(width)} x ${String(height)} pixels`;
  throw new WeftError('too-large', `it has ${size}; pictures of at most 50 megapixels are read`);
}

function headerOf(file: Uint8Array): PictureHeader {
  if (pngSignature.every((byte, at) => file[at] === byte)) return { format: 'png', ...pngSize(file) };
  if (file[0] === 0xff && file[1] === 0xd8) return { format: 'jpeg', ...jpegHeader(file) };
  const start = String.fromCharCode(...file.subarray(0, 16));
  if (/^P[25]\s/.test(start)) {
    const { width, height } = pgmHeader(file);
    return { format: 'pgm', width, height };
  }
  if (file.length === 0) throw new WeftError('corrupt', 'it is empty');
  const other = otherFormats.find(([pattern]) => pattern.test(start));
  const found = other === undefined ? 'it is no picture that is known here' : `its format is ${other[1]}`;
  throw new WeftError('incompatible', `${found}; PNG, JPEG and PGM are read`);
}

/** The IHDR chunk comes first. */
function pngSize(file: Uint8Array): { readonly width: number; readonly height: number } {
  if (file.length < 33) throw new WeftError('corrupt', 'it ends within the header of a PNG');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
