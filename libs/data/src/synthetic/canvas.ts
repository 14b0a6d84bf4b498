/**
 * Paints polygons onto a 28 x 28 image with exact area coverage.
 *
 * The method is that of font-rs (Levien 2016): each edge adds its signed area to the pixels that it crosses, and a running
 * sum along the row turns that into the covered share of every pixel. Only +, -, *, / and rounding down are used, so
 * every machine paints the same values.
 */
import type { Outline } from './outline.ts';

const side = 28;
/** Columns beside the image, so that edges may leave it. */
const margin = 10;
const stride = side + 2 * margin + 2;
const maxX = stride - 2;
/** Edges that are lower than this are left out: they cover nothing, and their slope can be infinite. */
const minHeight = 1e-9;

/** Where the frame of an outline lies on the image. x' = x * xx + y * xy + x0, and y' likewise, in pixels. */
export interface Pose {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** An image being painted: brightness values, row-major, 0 being the black ground. */
export class Canvas {
  readonly pixels: Float64Array = new Float64Array(side * side);
  readonly #area = new Float64Array(stride * side);
  #top = side;
  #bottom = 0;

  /** Makes every pixel black. */
  clear(): void {
    this.pixels.fill(0);
  }

  /** Paints the inside of `outline` with `fabric` (one brightness a pixel) times `tone`, over what is there. */
  paint(outline: Outline, pose: Pose, fabric: Float64Array, tone: number): void {
    const corners = outline.length;
    let fromX = this.#x(outline, corners - 2, pose);
    let fromY = this.#y(outline, corners - 2, pose);
    for (let corner = 0; corner < corners; corner += 2) {
      const toX = this.#x(outline, corner, pose);
      const toY = this.#y(outline, corner, pose);
      if (toY - fromY > minHeight) this.#edge(fromX, fromY, toX, toY, 1);
      else if (fromY - toY > minHeight) this.#edge(toX, toY, fromX, fromY, -1);
      fromX = toX;
      fromY = toY;
    }
    this.#flush(fabric, tone);
  }

  #x(outline: Outline, at: number, pose: Pose): number {
    const x = (outline[at] as number) * pose.xx + (outline[at + 1] as number) * pose.xy + pose.x0 + margin;
    return Math.min(Math.max(x, 0), maxX);
  }

  #y(outline: Outline, at: number, pose: Pose): number {
    return (outline[at] as number) * pose.yx + (outline[at + 1] as number) * pose.yy + pose.y0;
  }

  /** Adds the signed area to the right of the edge from (topX, topY) down to (bottomX, bottomY). */
  #edge(topX: number, topY: number, bottomX: number, bottomY: number, direction: number): void {
    const area = this.#area;
    const slope = (bottomX - topX) / (bottomY - topY);
    const firstRow = Math.max(0, Math.floor(topY));
    const endRow = Math.min(side, Math.ceil(bottomY));
    if (firstRow < this.#top) this.#top = firstRow;
    if (endRow > this.#bottom) this.#bottom = endRow;
    for (let row = firstRow; row < endRow; row++) {
      const upper = Math.max(row, topY);
      const height = Math.min(row + 1, bottomY) - upper;
      const startX = Math.min(Math.max(topX + (upper - topY) * slope, 0), maxX);
      const endX = Math.min(Math.max(startX + height * slope, 0), maxX);
      const left = Math.min(startX, endX);
      const right = Math.max(startX, endX);
      const signed = height * direction;
      const firstColumn = Math.floor(left);
      const lastColumn = Math.max(firstColumn, Math.ceil(right) - 1);
      const base = row * stride;
      // The share of the edge's height above each column, and within a column the mean distance to its right side.
      const perColumn = right > left ? signed / (right - left) : 0;
      for (let column = firstColumn; column <= lastColumn; column++) {
        const a = Math.max(left, column);
        const b = Math.min(right, column + 1);
        const share = firstColumn === lastColumn ? signed : perColumn * (b - a);
        const covered = share * (column + 1 - (a + b) / 2);
        area[base + column] = (area[base + column] as number) + covered;
        area[base + column + 1] = (area[base + column + 1] as number) + share - covered;
      }
    }
  }

  /** Turns the collected areas into coverage, paints, and forgets them. */
  #flush(fabric: Float64Array, tone: number): void {
    const { pixels } = this;
    const area = this.#area;
    for (let row = this.#top; row < this.#bottom; row++) {
      const base = row * stride;
      let sum = 0;
      for (let column = 0; column < margin; column++) sum += area[base + column] as number;
      for (let column = 0; column < side; column++) {
        sum += area[base + margin + column] as number;
        const coverage = Math.min(1, Math.abs(sum));
        if (coverage < 1e-6) continue;
        const at = row * side + column;
        const before = pixels[at] as number;
        pixels[at] = before + coverage * ((fabric[at] as number) * tone - before);
      }
      area.fill(0, base, base + stride);
    }
    this.#top = side;
    this.#bottom = 0;
  }
}
