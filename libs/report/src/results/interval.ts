/** The mean of a few values, and how sure it is. */

/** `halfWidth` of the 95 % t interval of the mean; undefined for a single value, which says nothing about others. */
export interface Estimate {
  readonly mean: number;
  readonly halfWidth: number | undefined;
  readonly values: number;
}

/** 97.5 % points of the t distribution with 1 to 30 degrees of freedom. */
const points = [
  ...[12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281],
  ...[2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086],
  ...[2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423],
];

/** Mean and 95 % interval of `values`, added in their order; undefined where there are none. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, halfWidth: undefined, values: 1 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const halfWidth = tPoint(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { mean, halfWidth, values: count };
}

/** Beyond the table by the expansion around the normal distribution (Abramowitz and Stegun 26.7.5, two terms). */
function tPoint(freedom: number): number {
  const z = 1.959964;
  return (
    points[freedom - 1] ?? z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
}
