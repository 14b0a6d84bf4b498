/** Cells that count in full, however many there are. */
const fullWeights = 25;

/**
 * How much each of `count` points counts, the oldest first: the last 25 fully, those before them less the older they are, from
 * 1 / count upwards. As in Hyperopt and Optuna: what was learned long ago was learned elsewhere.
 */
export function ageWeights(count: number): number[] {
  const ramp = Math.max(0, count - fullWeights);
  return Array.from({ length: count }, (_, age) =>
    age >= ramp || ramp === 1 ? 1 : 1 / count + (age / (ramp - 1)) * (1 - 1 / count),
  );
}
