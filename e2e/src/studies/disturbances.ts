/** Kills trainers and the coordinator again and again, until it is told to stop. Lost trainers are replaced. */
import { PhiloxStream } from '@weft/core';
import type { StandingCluster } from '../harness/standing-cluster.ts';

/** What is disturbed, and how often. */
export interface DisturbanceSettings {
  readonly seed: number;
  readonly trainers: number;
  /** From one disturbance to the next, at least and at most. */
  readonly everyMs: readonly [number, number];
}

/** What was done. */
export interface Disturbances {
  readonly trainersKilled: number;
  readonly coordinatorsKilled: number;
}

/** Runs until `stop` aborts. The cluster has its trainers again when it resolves. */
export async function disturb(
  cluster: StandingCluster,
  { seed, trainers, everyMs: [least, most] }: DisturbanceSettings,
  stop: AbortSignal,
): Promise<Disturbances> {
  const random = new PhiloxStream(seed, 'simulation');
  let trainersKilled = 0;
  let coordinatorsKilled = 0;
  for (;;) {
    const isOver = await pause(least + random.below(most - least + 1), stop);
    if (isOver) return { trainersKilled, coordinatorsKilled };
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
}

/** Tells whether it was cut short, or came too late. */
async function pause(ms: number, stop: AbortSignal): Promise<boolean> {
  if (stop.aborted) return true;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return stop.aborted;
}
