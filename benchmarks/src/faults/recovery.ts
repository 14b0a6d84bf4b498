/**
 * How long a run stands still after it has lost a trainer: from the signal to the first step that is committed without it.
 *
 * Seen from outside, as a user would: the coordinator is asked for the run every 2 ms, all times are of one monotonic clock in this
 * process. A time is therefore an upper bound, by at most one question and one step: only steps count that are committed after the
 * generation without the victim was seen.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, isOver, type Seat, type StandingCluster } from '@weft/e2e';
import type { Run } from '@weft/wire';

/** What happens to the victim. */
export type LossSignal = 'SIGKILL' | 'SIGSTOP';

/** One loss. */
export interface Recovery {
  /** Trainers at work before it. */
  readonly worldSize: number;
  /** From the signal until a generation without the victim was seen. */
  readonly regroupedMs: number;
  /** From the signal until a step of that generation was committed. */
  readonly committedMs: number;
}

const questionIntervalMs = 2;
/** Longer than any timeout of the cluster: what takes longer hangs. */
const hangMs = 30_000;

/** Takes `victim` away and waits for the next step. `ended`: the run was over before that could be seen. */
export async function loseTrainer(
  cluster: StandingCluster,
  runId: string,
  victim: Seat,
  signal: LossSignal,
): Promise<Recovery | 'ended' | 'hang'> {
  const before = await describe(cluster.coordinator, runId);
  if (isOver(before)) return 'ended';
  const startedMs = performance.now();
  if (signal === 'SIGKILL') victim.kill();
  else victim.freeze();
  const elapsedMs = (): number => performance.now() - startedMs;
  const until = async (holds: (run: Run) => boolean): Promise<Run | 'ended' | 'hang'> => {
    for (;;) {
      const run = await describe(cluster.coordinator, runId);
      if (isOver(run)) return 'ended';
      if (holds(run)) return run;
      if (elapsedMs() > hangMs) return 'hang';
      await sleep(questionIntervalMs);
    }
  };
  const regrouped = await until(({ generation, worldSize }) => {
    return generation > before.generation && worldSize < before.worldSize;
  });
  if (typeof regrouped === 'string') return regrouped;
  const regroupedMs = elapsedMs();
  const committed = await until(({ position }) => position > regrouped.position);
  if (typeof committed === 'string') return committed;
  return { worldSize: before.worldSize, regroupedMs, committedMs: elapsedMs() };
}
