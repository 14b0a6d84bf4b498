import { describeError, WeftError } from '@weft/core';
import type { GreyImage } from './grey-image.ts';
import { decodeJpeg } from './jpeg.ts';
import { pictureHeader } from './picture-header.ts';
import { decodePgm } from './pgm.ts';
import { decodePng } from './png.ts';

const decoders = { png: decodePng, jpeg: decodeJpeg, pgm: decodePgm } as const;

/**
 * The picture in a PNG, JPEG or PGM file, in grey. Throws a `WeftError` whose message is a reason without the file's name:
 * 'incompatible' for other formats, 'corrupt' for a damaged file, 'too-large' above 50 megapixels.
 */
export function decodePicture(file: Uint8Array): GreyImage {
  const { format } = pictureHeader(file);
  try {
    return decoders[format](file);
  } catch (cause) {
    if (cause instanceof WeftError) throw cause;
    if (cause instanceof RangeError)
      throw new WeftError('corrupt', `it is a ${format.toUpperCase()} that ends too early`);
    const reason = describeError(cause);
    if (reason.includes('maxMemoryUsageInMB')) {
      throw new WeftError('too-large', 'decoding it takes more than 1 GiB of memory');
    }
    throw new WeftError('corrupt', `it is a damaged ${format.toUpperCase()}: ${reason}`, { cause });
  }
}
