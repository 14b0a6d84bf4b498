/** Whether one more trainer makes a run faster, as far as that was measured. */
import type { MeasuredSpeeds, PlacedRun } from './placement-request.ts';

/** One more trainer must make a run so much faster. */
const worthwhile = 1.1;

/** Why a run should get one more trainer. */
export interface GrowthVerdict {
  readonly reason: string;
  /** Whether it was measured, or nobody asks for a measurement; else it is tried. */
  readonly isMeasured: boolean;
}

/** Why a run with `size` trainers should get one more, or `undefined` where it should not. */
export function judgeGrowth(speeds: MeasuredSpeeds, run: PlacedRun, size: number): GrowthVerdict | undefined {
  if (run.maxTrainers > 0) {
    return size < run.maxTrainers ? { reason: 'nobody waits for it', isMeasured: true } : undefined;
  }
  const now = speeds.get(run.workload)?.get(size);
  const then = speeds.get(run.workload)?.get(size + 1);
  // Without a measurement to hold it against, a trial says nothing.
  if (now === undefined) return undefined;
  if (then === undefined)
    return { reason: 'nobody waits for it, and whether it helps is not known', isMeasured: false };
  if (then < now * worthwhile) return undefined;
  return { reason: `${String(size + 1)} trainers do ${rate(then)}, ${String(size)} do ${rate(now)}`, isMeasured: true };
}

/** Why a run with `size` trainers should rather have one less, or `undefined`. */
export function judgeSize(speeds: MeasuredSpeeds, run: PlacedRun, size: number): string | undefined {
  if (run.maxTrainers > 0) return undefined;
  const now = speeds.get(run.workload)?.get(size);
  const before = speeds.get(run.workload)?.get(size - 1);
  if (now === undefined || before === undefined || now >= before) return undefined;
  return `${String(size)} trainers do ${rate(now)}, ${String(size - 1)} do ${rate(before)}`;
}

function rate(examplesPerSecond: number): string {
  return `${examplesPerSecond.toPrecision(3)} examples/s`;
}
