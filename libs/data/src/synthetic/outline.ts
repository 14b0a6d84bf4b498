/**
 * The vocabulary in which garments are drawn: closed outlines in a frame of [-1, 1] x [-1, 1], y pointing down, painted one
 * over the other.
 */
import type { PhiloxStream } from '@weft/core';

/** A closed polygon: x0, y0, x1, y1, ... The last corner is joined to the first. */
export type Outline = readonly number[];

/** One coat of paint. */
export interface Layer {
  readonly outline: Outline;
  /** Brightness relative to the garment's fabric: 1 is plain fabric, below 1 darker, above 1 lighter, 0 a hole. */
  readonly tone: number;
}

/** Draws one garment of a class: the layers, bottom first, with the class's own variation. */
export type Garment = (vary: Variation) => Layer[];

/** Random choices, drawn in the order of the calls. Uses only exact operations, so every machine draws the same. */
export class Variation {
  readonly #stream: PhiloxStream;

  constructor(stream: PhiloxStream) {
    this.#stream = stream;
  }

  /** A uniform value in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#stream.uniform();
  }

  /** True with probability `probability`. */
  chance(probability: number): boolean {
    return this.#stream.uniform() < probability;
  }

  /** A 32-bit word, for noise. */
  word(): number {
    return this.#stream.word();
  }
}

/** The outline whose right half (from the middle above to the middle below) is `half` and whose left half mirrors it. */
export function mirrored(half: Outline): Outline {
  const outline = [...half];
  for (let corner = half.length - 2; corner >= 0; corner -= 2) {
    outline.push(-(half[corner] ?? 0), half[corner + 1] ?? 0);
  }
  return outline;
}

/** `outline` on the other side of the vertical axis. */
export function flipped(outline: Outline): Outline {
  return outline.map((value, at) => (at % 2 === 0 ? -value : value));
}

/** A rectangle by its left, top, right and bottom edges. */
export function box(left: number, top: number, right: number, bottom: number): Outline {
  return [left, top, right, top, right, bottom, left, bottom];
}

/** A strip of width `width` along the straight line from (x0, y0) to (x1, y1). */
export function strip(x0: number, y0: number, x1: number, y1: number, width: number): Outline {
  const length = Math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2);
  const dx = (((y1 - y0) / length) * width) / 2;
  const dy = (((x0 - x1) / length) * width) / 2;
  return [x0 + dx, y0 + dy, x1 + dx, y1 + dy, x1 - dx, y1 - dy, x0 - dx, y0 - dy];
}
