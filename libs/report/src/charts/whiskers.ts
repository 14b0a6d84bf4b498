/** Intervals as lines with caps, to be drawn over other series. */
import { ink } from './ink.ts';

/** From `low` to `high` at `at`, in the values of the axes. */
export interface Whisker {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** What ECharts hands to whoever draws an item. */
interface DrawingApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
}

const cap = 4;

/** A series of whiskers along the axis `along`. */
export function whiskers(items: readonly Whisker[], along: 'x' | 'y'): object {
  return {
    ...{ type: 'custom', silent: true, z: 5, clip: false },
    data: items.map(({ at, low, high }) => [at, low, high]),
    // Axes take their extents from these.
    encode: along === 'y' ? { x: 0, y: [1, 2] } : { y: 0, x: [1, 2] },
    renderItem: (_: unknown, api: DrawingApi): object => {
      const ends = [1, 2].map((end) => point(api, api.value(0), api.value(end), along));
      const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = ends;
      const capped = ends.map(([x, y]) =>
        along === 'y' ? line(x - cap, y, x + cap, y) : line(x, y - cap, x, y + cap),
      );
      return { type: 'group', children: [line(x1, y1, x2, y2), ...capped] };
    },
  };
}

function point(api: DrawingApi, at: number, value: number, along: 'x' | 'y'): [number, number] {
  return api.coord(along === 'y' ? [at, value] : [value, at]);
}

function line(x1: number, y1: number, x2: number, y2: number): object {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: ink('text'), fill: 'none', lineWidth: 1.3 } };
}
