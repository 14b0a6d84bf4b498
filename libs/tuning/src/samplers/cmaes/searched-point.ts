import type { PhiloxStream } from '@weft/core';
import { pointAt, type SearchDistribution } from './search-distribution.ts';

/** Points outside the cube are drawn again this often, then folded back into it. */
const mostRedraws = 100;

/** A point of the unit cube drawn from a distribution. */
export function searchedPoint(distribution: SearchDistribution, stream: PhiloxStream): number[] {
  const normals = (): number[] => distribution.mean.map(() => stream.normal());
  let point = pointAt(distribution, normals());
  for (let redraw = 0; redraw < mostRedraws && point.some((unit) => unit < 0 || unit > 1); redraw++)
    point = pointAt(distribution, normals());
  return point.map(folded);
}

/** Reflects a coordinate at 0 and 1 until it is between them. */
function folded(coordinate: number): number {
  const period = Math.abs(coordinate) % 2;
  return period > 1 ? 2 - period : period;
}
