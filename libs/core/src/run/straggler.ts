/**
 * Who the others wait for, and why.
 *
 * Trainers of a gang go through each step together, so the time that one of them loses is lost for all. A trainer is held against
 * the median of the others: gathering and computing by the chunk, since shares differ; exchanging by the step; messages by their
 * round trip. Which cause is named is the one that costs most.
 */
import type { Pace } from './paces.ts';

/** Why a trainer is slow: its examples come late, it computes slowly, it adds and applies slowly, its messages travel slowly. */
export type SlowCause = 'data' | 'compute' | 'reduce' | 'network';

/** What is slow about a trainer. */
export interface Slowness {
  readonly cause: SlowCause;
  /** How many times the median of the others. */
  readonly factor: number;
  /** Of that phase, a step; the round trip, where the cause is the network. */
  readonly seconds: number;
}

interface Measure {
  readonly cause: SlowCause;
  /** In units that can be compared between trainers, or `undefined` where nothing was measured. */
  readonly value: (pace: Pace) => number | undefined;
  /** Seconds a step for one such unit. */
  readonly weight: (pace: Pace) => number;
  /** The factor from which a trainer is named, and the one below which it is not named any more. */
  readonly named: number;
  readonly cleared: number;
}

const byTheChunk = (seconds: number, { chunks }: Pace): number | undefined =>
  chunks === 0 ? undefined : seconds / chunks;

const measures: readonly Measure[] = [
  {
    cause: 'data',
    value: (pace) => byTheChunk(pace.dataSeconds, pace),
    weight: ({ chunks }) => chunks,
    ...{ named: 1.5, cleared: 1.25 },
  },
  {
    cause: 'compute',
    value: (pace) => byTheChunk(pace.computeSeconds, pace),
    weight: ({ chunks }) => chunks,
    ...{ named: 1.5, cleared: 1.25 },
  },
  { cause: 'reduce', value: ({ reduceSeconds }) => reduceSeconds, weight: () => 1, named: 2, cleared: 1.5 },
  {
    cause: 'network',
    value: ({ roundTripMs }) => (roundTripMs === 0 ? undefined : roundTripMs / 1000),
    weight: () => 1,
    ...{ named: 3, cleared: 2 },
  },
];

/** What it costs must be at least this part of a step, and so many seconds; half of that for one that is named. */
const leastPart = 0.1;
const leastSeconds = 0.002;
/** Messages are slow only where everyone waits for so large a part of the step. */
const waitPart = 0.2;

/**
 * What is slow about a trainer of pace `own` beside `others`, or `undefined`. `named` is the cause that was named before: it takes
 * less to stay named than to be named.
 */
export function slownessOf(own: Pace, others: readonly Pace[], named: SlowCause | undefined): Slowness | undefined {
  const stepSeconds = own.dataSeconds + own.computeSeconds + own.reduceSeconds + own.waitSeconds;
  const allWait = [own, ...others].every(({ waitSeconds }) => waitSeconds >= stepSeconds * waitPart);
  let worst: (Slowness & { readonly cost: number }) | undefined;
  for (const measure of measures) {
    const { cause, value, weight } = measure;
    if (cause === 'network' && !allWait) continue;
    const mine = value(own);
    const median = medianOf(others.map(value).filter((other) => other !== undefined));
    if (mine === undefined || median === undefined || median <= 0) continue;
    const isNamed = cause === named;
    const factor = mine / median;
    const cost = (mine - median) * weight(own);
    const least = Math.max(leastSeconds, stepSeconds * leastPart) / (isNamed ? 2 : 1);
    if (factor < (isNamed ? measure.cleared : measure.named) || cost < least) continue;
    if (worst === undefined || cost > worst.cost) worst = { cause, factor, seconds: mine * weight(own), cost };
  }
  return worst === undefined ? undefined : { cause: worst.cause, factor: worst.factor, seconds: worst.seconds };
}

/** The slowness for people: `computing takes 3.1 times the median (0.41 s a step)`. */
export function describeSlowness({ cause, factor, seconds }: Slowness): string {
  const times = `${factor.toFixed(1)} times the median`;
  const duration = seconds < 0.1 ? `${(seconds * 1000).toPrecision(2)} ms` : `${seconds.toFixed(2)} s`;
  switch (cause) {
    case 'data':
      return `gathering examples takes ${times} (${duration} a step)`;
    case 'compute':
      return `computing takes ${times} (${duration} a step)`;
    case 'reduce':
      return `adding and applying takes ${times} (${duration} a step)`;
    case 'network':
      return `a message to the coordinator and back takes ${times} (${duration})`;
  }
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? upper) + upper) / 2;
}
