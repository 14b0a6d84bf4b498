import type { GreyImage } from './grey-image.ts';

/**
 * `image` in another size: each new pixel is the mean of what lies under it, pixels at its edges counted by the part that is under
 * it. Made smaller, nothing is left out; made larger, pixels become rectangles. Its own size gives an equal picture.
 */
export function areaAverage({ width, height, pixels }: GreyImage, newWidth: number, newHeight: number): GreyImage {
  const narrow = new Float64Array(newWidth * height);
  for (let x = 0; x < newWidth; x++) {
    for (const { at, weight } of cover(x, newWidth, width)) {
      for (let y = 0; y < height; y++) {
        narrow[y * newWidth + x] = (narrow[y * newWidth + x] ?? 0) + weight * (pixels[y * width + at] ?? 0);
      }
    }
  }
  const small = new Float64Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    for (const { at, weight } of cover(y, newHeight, height)) {
      for (let x = 0; x < newWidth; x++) {
        small[y * newWidth + x] = (small[y * newWidth + x] ?? 0) + weight * (narrow[at * newWidth + x] ?? 0);
      }
    }
  }
  return { width: newWidth, height: newHeight, pixels: Float32Array.from(small) };
}

interface Covered {
  readonly at: number;
  /** Share of the new pixel; they sum to one. */
  readonly weight: number;
}

/** The old pixels under new pixel `index`, along one axis. */
function cover(index: number, newLength: number, length: number): Covered[] {
  const [begin, end] = [(index * length) / newLength, ((index + 1) * length) / newLength];
  const covered: Covered[] = [];
  for (let at = Math.floor(begin); at < Math.min(length, Math.ceil(end)); at++) {
    const part = Math.min(end, at + 1) - Math.max(begin, at);
    if (part > 0) covered.push({ at, weight: (part * newLength) / length });
  }
  return covered;
}
