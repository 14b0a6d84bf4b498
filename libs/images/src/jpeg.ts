import { decode } from 'jpeg-js';
import type { GreyImage } from './grey-image.ts';
import { jpegHeader } from './jpeg-header.ts';
import { greyOf } from './luminance.ts';

/** Of decoding, for 50 megapixels in colour. */
const mostMegabytes = 1024;

/** Decodes a JPEG file, baseline or progressive, turned as its EXIF orientation says. Throws what the decoder throws. */
export function decodeJpeg(file: Uint8Array): GreyImage {
  const { width, height, data } = decode(file, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxMemoryUsageInMB: mostMegabytes,
  });
  const stored = greyOf({ width, height, channels: 3, values: data, white: 255 });
  return upright(stored, jpegHeader(file).orientation);
}

/** `image` as it is to be seen. Orientations are those of EXIF: 2 to 4 mirror or turn it, 5 to 8 exchange rows and columns too. */
function upright(image: GreyImage, orientation: number): GreyImage {
  if (orientation === 1) return image;
  const { width, height, pixels } = image;
  const isTransposed = orientation >= 5;
  const [shownWidth, shownHeight] = isTransposed ? [height, width] : [width, height];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const shown = new Float32Array(pixels.length);
  for (let y = 0; y < shownHeight; y++) {
    for (let x = 0; x < shownWidth; x++) {
      const [column, row] = isTransposed ? [y, x] : [x, y];
      const from = (fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column);
      shown[y * shownWidth + x] = pixels[from] ?? 0;
    }
  }
  return { width: shownWidth, height: shownHeight, pixels: shown };
}
