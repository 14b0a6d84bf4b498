/** The mean of a few numbers, and how well they tell it. */

/** A mean with its 95 % confidence interval, mean ± halfWidth, after Student. */
export interface Interval {
  readonly mean: number;
  /** `undefined` for a single value, which says nothing about others. */
  readonly halfWidth: number | undefined;
  readonly count: number;
}

/** The mean of the finite values among `values`, added in their order; `undefined` where there are none. */
export function studentInterval(values: readonly number[]): Interval | undefined {
  const finite = values.filter(Number.isFinite);
  const count = finite.length;
  if (count === 0) return undefined;
  const mean = finite.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, halfWidth: undefined, count };
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return { mean, halfWidth: quantile(count - 1) * error, count };
}

/** Quantiles at 0.975 for 1 to 30 degrees of freedom. */
const quantiles = [
  ...[12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281],
  ...[2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086],
  ...[2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423],
];

/** Beyond the table the expansion of Cornish and Fisher, right to four digits (Abramowitz and Stegun, 26.7.5). */
function quantile(freedom: number): number {
  const z = 1.959964;
  const expanded = z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return quantiles[freedom - 1] ?? expanded;
}
