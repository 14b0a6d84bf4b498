/** Watches what the processes of a training hold at most. */
import type { RunProcesses } from '../cluster/training-mark.ts';
import { trainLocally, type LocalTraining } from './local-training.ts';
import { peakMemoryMiB } from './process-memory.ts';

/** The most memory that each process held at one time, in MiB. */
export interface PeakMemory {
  readonly coordinatorMiB: number;
  /** In the order of their names. */
  readonly trainersMiB: readonly number[];
}

const watchIntervalMs = 100;

/** Trains to the end. */
export async function trainingMemory(training: LocalTraining, signal: AbortSignal): Promise<PeakMemory> {
  const peaks = new Map<number, number>();
  let processes: RunProcesses | undefined;
  const look = (): void => {
    for (const { pid } of processes === undefined ? [] : [processes.coordinator, ...processes.trainers]) {
      // A peak never falls, and a process that is gone has none.
      peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakMemoryMiB(pid) || 0));
    }
  };
  const watch = setInterval(look, watchIntervalMs);
  try {
    await trainLocally(
      training,
      (_, known) => {
        processes = known;
        look();
      },
      signal,
    );
  } finally {
    clearInterval(watch);
  }
  const peakOf = ({ pid }: { readonly pid: number }): number => Math.round(peaks.get(pid) ?? Number.NaN);
  return {
    coordinatorMiB: processes === undefined ? Number.NaN : peakOf(processes.coordinator),
    trainersMiB: processes?.trainers.map(peakOf) ?? [],
  };
}
