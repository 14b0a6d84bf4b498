/** One run on a standing cluster, timed by the coordinator's clock: training time and processor time of a step, the first epoch left out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, isOver, resultOf, submit, transportSetting } from '@weft/e2e';
import type { ConfigurationInit, StandingCluster } from '@weft/e2e';
import { WeftError } from '@weft/core';
import { processorMs } from '../cluster/processor-time.ts';

/** Means over the steps of all epochs but the first. */
export interface StepCosts {
  /** Evaluation and checkpoints are not in it. */
  readonly stepMs: number;
  /** Processor time of the coordinator and of all trainers; evaluation and checkpoints are in it. */
  readonly coordinatorMs: number;
  readonly trainersMs: number;
}

const pollIntervalMs = 5;
const limitMs = 300_000;

/** Trains over the star on all trainers of `cluster`, which are attached. Throws where others than they took part. */
export async function timeRun(cluster: StandingCluster, configuration: ConfigurationInit): Promise<StepCosts> {
  const { coordinator, attached } = cluster;
  const processes = attached.map((seat) => seat.process.pid);
  const usage = async (): Promise<{ readonly coordinatorMs: number; readonly trainersMs: number }> => {
    const [coordinatorMs = 0, ...trainers] = await Promise.all(
      [coordinator.process.pid, ...processes].map(processorMs),
    );
    return { coordinatorMs, trainersMs: trainers.reduce((sum, ms) => sum + ms, 0) };
  };
  const runId = await submit(coordinator, configuration, attached.length, '', transportSetting('star'));
  const giveUpMs = performance.now() + limitMs;
  let warm: Awaited<ReturnType<typeof usage>> | undefined;
  for (;;) {
    const run = await describe(coordinator, runId);
    if (run.epochs.length > 0) warm ??= await usage();
    if (isOver(run) && warm !== undefined) {
      resultOf(run); // Throws where it has not finished.
      const measured = run.epochs.slice(1);
      const seconds = measured.reduce((sum, epoch) => sum + epoch.seconds, 0);
      if (measured.some(({ worldSize }) => worldSize !== attached.length)) {
        throw new WeftError('internal', `not all of ${String(attached.length)} trainers took part to the end`);
      }
      const steps = (Number(run.totalSteps) / run.epochs.length) * measured.length;
      const cold = await usage();
      return {
        stepMs: (seconds * 1000) / steps,
        coordinatorMs: (cold.coordinatorMs - warm.coordinatorMs) / steps,
        trainersMs: (cold.trainersMs - warm.trainersMs) / steps,
      };
    }
    if (isOver(run) || performance.now() > giveUpMs) throw new WeftError('internal', `not finished: ${run.reason}`);
    await sleep(pollIntervalMs);
  }
}
