import { halfTurnCosine, realPower } from './exact-functions.ts';
import type { Schedule } from './schedule.ts';

/** Where in which run a rate is asked for. */
export interface RatePlace {
  /** Steps committed: 0 for the first step. */
  readonly position: number;
  readonly stepsPerEpoch: number;
  /** Of the whole run, as configured: a run that ends early has the rates of one that does not. */
  readonly totalSteps: number;
}

/** Steps of the warm-up; a part of a step counts as one from one half on. */
export function warmupLength({ warmupSteps, warmupEpochs }: Schedule, stepsPerEpoch: number): number {
  return warmupSteps + Math.round(warmupEpochs * stepsPerEpoch);
}

/**
 * The learning rate of the step at `position`, in float64, from exact operations only, so that it is the same everywhere.
 *
 * Of w warm-up steps the i-th, from 1, has rate * i / w (Goyal et al. 2017, arXiv:1706.02677, section 2.2; He et al. 2018,
 * arXiv:1812.01187, section 3.1). Then t steps after the warm-up, of T left after it:
 *
 * - `constant`: rate
 * - `linear`: rate * (floor + (1 - floor) * (1 - t/T)), Keras's `PolynomialDecay` with power 1
 * - `cosine`: rate * (floor + (1 - floor) * (1 + cos(pi * t/T)) / 2), Loshchilov and Hutter 2016 (arXiv:1608.03983, equation 5),
 *   Keras's `CosineDecay`
 * - `step`: rate * factor^floor(t/d), Keras's `ExponentialDecay` as a staircase
 * - `exponential`: rate * factor^(t/d), Keras's `ExponentialDecay`
 *
 * where d is the steps of `decayEpochs`; the last two are at least rate * floor.
 */
export function learningRateAt(schedule: Schedule | undefined, baseRate: number, place: RatePlace): number {
  if (schedule === undefined) return baseRate;
  const warmup = warmupLength(schedule, place.stepsPerEpoch);
  if (place.position < warmup) return baseRate * ((place.position + 1) / warmup);
  const sinceWarmup = place.position - warmup;
  return baseRate * shareAfter(schedule, sinceWarmup, place.totalSteps - warmup, place.stepsPerEpoch);
}

/** What is left of the base rate `step` steps after the warm-up, of `steps`. */
function shareAfter(schedule: Schedule, step: number, steps: number, stepsPerEpoch: number): number {
  const { decay, floor, factor, decayEpochs } = schedule;
  switch (decay) {
    case 'constant':
      return 1;
    case 'linear':
      return floor + (1 - floor) * (1 - step / steps);
    case 'cosine':
      return floor + ((1 - floor) * (1 + halfTurnCosine(step / steps))) / 2;
    case 'step':
      return Math.max(floor, realPower(factor, Math.floor(step / (decayEpochs * stepsPerEpoch))));
    case 'exponential':
      return Math.max(floor, realPower(factor, step / (decayEpochs * stepsPerEpoch)));
  }
}
