import type { Region } from './box.ts';
import type { Response } from './responses.ts';

/** A cut through one axis. */
export interface Split {
  readonly axis: number;
  readonly left: Region;
  readonly right: Region;
  readonly leftResponses: readonly Response[];
  readonly rightResponses: readonly Response[];
  /** By how much it lowers the sum of squared deviations from the mean. */
  readonly gain: number;
}

/** No leaf of a tree has fewer responses. */
const leastResponses = 2;

/** The cut through the axis, within `region`, that gains most; of equals the first. None where the parameter does not always count. */
export function bestSplit(axis: number, region: Region, responses: readonly Response[]): Split | undefined {
  const placed = responses.map((response) => ({ response, place: response.place[axis] ?? Number.NaN }));
  if (placed.some(({ place }) => Number.isNaN(place))) return undefined;
  // What has no order is put in that of its mean loss: the best cut into two sets is then among the cuts of this order (Fisher 1958).
  const keys = region.kind === 'choices' ? meanLosses(placed) : undefined;
  const keyOf = (place: number): number => keys?.get(place) ?? place;
  placed.sort((a, b) => keyOf(a.place) - keyOf(b.place) || a.place - b.place);
  const total = placed.reduce((sum, { response }) => sum + response.loss, 0);
  let [cut, gain, left] = [0, 0, 0];
  for (const [index, { response, place }] of placed.entries()) {
    const count = index + 1;
    left += response.loss;
    const rest = placed.length - count;
    if (rest < leastResponses) break;
    if (count < leastResponses || placed[count]?.place === place) continue;
    const right = total - left;
    const gained = (left * left) / count + (right * right) / rest - (total * total) / placed.length;
    if (gained > gain) [cut, gain] = [count, gained];
  }
  if (cut === 0) return undefined;
  const places = placed.map(({ place }) => place);
  const sorted = placed.map(({ response }) => response);
  return {
    ...cutRegion(region, places.slice(0, cut), places.slice(cut)),
    ...{ axis, gain, leftResponses: sorted.slice(0, cut), rightResponses: sorted.slice(cut) },
  };
}

function cutRegion(region: Region, left: readonly number[], right: readonly number[]): { left: Region; right: Region } {
  if (region.kind === 'interval') {
    const middle = ((left.at(-1) ?? region.low) + (right[0] ?? region.high)) / 2;
    return { left: { ...region, high: middle }, right: { ...region, low: middle } };
  }
  // Choices of which nothing is known here go with the larger side.
  const [smaller, isLeftSmaller] = left.length < right.length ? [new Set(left), true] : [new Set(right), false];
  const of = (isLeft: boolean): Region => ({
    ...region,
    ordinals: region.ordinals.filter((ordinal) => smaller.has(ordinal) === (isLeft === isLeftSmaller)),
  });
  return { left: of(true), right: of(false) };
}

function meanLosses(
  placed: readonly { readonly response: Response; readonly place: number }[],
): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { response, place } of placed) {
    const { sum, count } = sums.get(place) ?? { sum: 0, count: 0 };
    sums.set(place, { sum: sum + response.loss, count: count + 1 });
  }
  return new Map([...sums].map(([place, { sum, count }]) => [place, sum / count]));
}
