/** From a picture of any size to what a model of small pictures on black takes. */
import { areaAverage } from './area-average.ts';
import type { GreyImage } from './grey-image.ts';

/** Whether black and white are exchanged: where the background is light, always, never. */
export type Inversion = 'auto' | 'yes' | 'no';

/** A picture as a model takes it. */
export interface ModelPicture {
  readonly image: GreyImage;
  readonly isInverted: boolean;
}

/**
 * `image` scaled by area averaging until it just fits into `width` x `height`, its proportions kept, in the middle of a black
 * picture of that size. With `auto` it is inverted where its background is light: where the median of the outermost ring of the
 * scaled picture is above 127.5.
 */
export function modelPicture(image: GreyImage, width: number, height: number, inversion: Inversion): ModelPicture {
  const scale = Math.min(width / image.width, height / image.height);
  const fit = (length: number, most: number): number => Math.min(most, Math.max(1, Math.round(length * scale)));
  const scaled = areaAverage(image, fit(image.width, width), fit(image.height, height));
  const isInverted = inversion === 'auto' ? hasLightBackground(scaled) : inversion === 'yes';
  const shown = isInverted ? { ...scaled, pixels: scaled.pixels.map((value) => 255 - value) } : scaled;
  return { image: centred(shown, width, height), isInverted };
}

function hasLightBackground({ width, height, pixels }: GreyImage): boolean {
  const ring = pixels.filter((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  ring.sort();
  return (ring[Math.floor((ring.length - 1) / 2)] ?? 0) > 127.5;
}

function centred(image: GreyImage, width: number, height: number): GreyImage {
  if (image.width === width && image.height === height) return image;
  const pixels = new Float32Array(width * height);
  const [left, top] = [Math.floor((width - image.width) / 2), Math.floor((height - image.height) / 2)];
  for (let y = 0; y < image.height; y++) {
    const row = image.pixels.subarray(y * image.width, (y + 1) * image.width);
    pixels.set(row, (top + y) * width + left);
  }
  return { width, height, pixels };
}
