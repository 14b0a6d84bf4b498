import { valueCount } from '../space/parameter-values.ts';
import type { Parameter } from '../space/parameter.ts';

/** Part of one axis: an interval of [0, 1], or some of the choices of a categorical parameter, by ordinal. */
export type Region =
  | { readonly kind: 'interval'; readonly low: number; readonly high: number }
  | { readonly kind: 'choices'; readonly ordinals: readonly number[]; readonly of: number };

/** Part of a space: a region for each of its parameters, in order. */
export type Box = readonly Region[];

/** All of the parameter's axis. */
export function wholeAxis(parameter: Parameter): Region {
  if (parameter.kind !== 'categorical') return { kind: 'interval', low: 0, high: 1 };
  const count = valueCount(parameter);
  return { kind: 'choices', ordinals: Array.from({ length: count }, (_, ordinal) => ordinal), of: count };
}

/** The share of the axis that the region is. */
export function measureOf(region: Region): number {
  return region.kind === 'interval' ? region.high - region.low : region.ordinals.length / region.of;
}
