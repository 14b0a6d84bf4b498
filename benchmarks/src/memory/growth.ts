/** A quantity at a step. */
export interface Reading {
  readonly step: number;
  readonly value: number;
}

/** By how much the value grows in 10 000 steps: the slope of the least-squares line through all readings; NaN for fewer than two. */
export function growthIn10000Steps(readings: readonly Reading[]): number {
  const meanStep = readings.reduce((sum, { step }) => sum + step, 0) / readings.length;
  const meanValue = readings.reduce((sum, { value }) => sum + value, 0) / readings.length;
  const together = readings.reduce((sum, { step, value }) => sum + (step - meanStep) * (value - meanValue), 0);
  const spread = readings.reduce((sum, { step }) => sum + (step - meanStep) ** 2, 0);
  return (10_000 * together) / spread;
}
