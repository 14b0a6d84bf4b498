import type { GreyImage } from './grey-image.ts';

/** Pixels as decoders give them: grey, grey and alpha, red green blue, or these and alpha, interleaved. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly values: ArrayLike<number>;
  /** The value of white, and of what is opaque. */
  readonly white: number;
}

/**
 * The picture in grey: 0.299 red + 0.587 green + 0.114 blue, as television and Pillow have it (ITU-R BT.601), and what is
 * transparent is white behind it, as on the page of a shop.
 */
export function greyOf({ width, height, channels, values, white }: Samples): GreyImage {
  const pixels = new Float32Array(width * height);
  const isColour = channels >= 3;
  const hasAlpha = channels === 2 || channels === 4;
  const scale = 255 / white;
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel++, at += channels) {
    const first = values[at] ?? 0;
    const grey = isColour ? 0.299 * first + 0.587 * (values[at + 1] ?? 0) + 0.114 * (values[at + 2] ?? 0) : first;
    const alpha = hasAlpha ? (values[at + channels - 1] ?? 0) / white : 1;
    pixels[pixel] = 255 + (grey * scale - 255) * alpha;
  }
  return { width, height, pixels };
}
