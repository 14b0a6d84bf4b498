/** Kills trainers and the coordinator again and again, until it is told to stop. Lost trainers are replaced. */
import { PhiloxStream } from '@weft/core';
import type { StandingCluster } from '../harness/standing-cluster.ts';
import { studyNow } from './followed-study.ts';

/** Tells when a disturbance is due: resolves to `true` then, to `false` once `stop` has aborted. `done` counts those that were. */
export type Pace = (done: number, stop: AbortSignal) => Promise<boolean>;

/** What is disturbed, and how often. */
export interface DisturbanceSettings {
  readonly seed: number;
  readonly trainers: number;
  readonly pace: Pace;
}

/** What was done. */
export interface Disturbances {
  readonly trainersKilled: number;
  readonly coordinatorsKilled: number;
}

const pollIntervalMs = 10;

/** Runs until `stop` aborts. Replacements of the last trainers killed may still be starting when it resolves. */
export async function disturb(
  cluster: StandingCluster,
  { seed, trainers, pace }: DisturbanceSettings,
  stop: AbortSignal,
): Promise<Disturbances> {
  const random = new PhiloxStream(seed, 'simulation');
  let trainersKilled = 0;
  let coordinatorsKilled = 0;
  while (await pace(trainersKilled + coordinatorsKilled, stop)) {
    if (random.below(3) === 0) {
      await cluster.restartCoordinator();
      coordinatorsKilled++;
    } else {
      const { attached } = cluster;
      attached[random.below(Math.max(1, attached.length))]?.kill();
      trainersKilled++;
      await cluster.fill(trainers);
    }
  }
  return { trainersKilled, coordinatorsKilled };
}

/** One disturbance after another, between `least` and `most` milliseconds apart. */
export function everyMs(least: number, most: number, seed: number): Pace {
  const random = new PhiloxStream(seed, 'simulation');
  return (_, stop) => pause(least + random.below(most - least + 1), stop);
}

/** One disturbance for each `count` trials that the study has completed: as many on a fast machine as on a slow one. */
export function everyTrials(count: number, cluster: StandingCluster, studyId: string): Pace {
  return async (done, stop) => {
    for (;;) {
      const study = await studyNow(cluster.coordinator, studyId);
      if ((study?.counts?.complete ?? 0) >= (done + 1) * count) return !stop.aborted;
      if (!(await pause(pollIntervalMs, stop))) return false;
    }
  };
}

/** Resolves after `ms` to `true`; to `false` as soon as `stop` has aborted. */
async function pause(ms: number, stop: AbortSignal): Promise<boolean> {
  if (stop.aborted) return false;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    stop.addEventListener('abort', finish);
  });
  return !stop.aborted;
}
