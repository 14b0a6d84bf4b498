/** Where the time of a trainer's steps went, as the trainer measured it. */

/** Sums over some steps, in seconds; together the phases are the whole time of those steps. */
export interface StepTimes {
  readonly steps: number;
  /** Chunks that the trainer computed in them. */
  readonly chunks: number;
  /** Gathering examples. */
  readonly dataSeconds: number;
  /** In the engine. */
  readonly computeSeconds: number;
  /** Sending, adding, dividing, applying. */
  readonly reduceSeconds: number;
  /** For others. */
  readonly waitSeconds: number;
}

/** The whole time of the steps. */
export function elapsedSeconds({ dataSeconds, computeSeconds, reduceSeconds, waitSeconds }: StepTimes): number {
  return dataSeconds + computeSeconds + reduceSeconds + waitSeconds;
}

/** The sums over all of `reports`. */
export function sumTimes(reports: readonly StepTimes[]): StepTimes {
  const sum = { steps: 0, chunks: 0, dataSeconds: 0, computeSeconds: 0, reduceSeconds: 0, waitSeconds: 0 };
  for (const times of reports) {
    sum.steps += times.steps;
    sum.chunks += times.chunks;
    sum.dataSeconds += times.dataSeconds;
    sum.computeSeconds += times.computeSeconds;
    sum.reduceSeconds += times.reduceSeconds;
    sum.waitSeconds += times.waitSeconds;
  }
  return sum;
}
