/** What the processes of a training hold as its steps pass. */
import { trainLocally, type LocalTraining } from './local-training.ts';
import { residentMemoryMiB } from './process-memory.ts';

/** What each process held after so many steps, in MiB. */
export interface MemorySample {
  /** The first that was told of at or after a multiple of the interval. */
  readonly step: number;
  readonly coordinatorMiB: number;
  /** In the order of their names. */
  readonly trainersMiB: readonly number[];
}

/** Trains to the end; a sample about every `interval` steps. `sampled` is told of each. */
export async function memoryCourse(
  training: LocalTraining,
  interval: number,
  sampled: (sample: MemorySample) => void,
  signal: AbortSignal,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  await trainLocally(
    training,
    (line, { coordinator, trainers }) => {
      const step = stepsDone(line);
      if (step === undefined || step < (samples.length + 1) * interval) return;
      const sample = {
        step,
        coordinatorMiB: Math.round(residentMemoryMiB(coordinator.pid)),
        trainersMiB: trainers.map(({ pid }) => Math.round(residentMemoryMiB(pid))),
      };
      samples.push(sample);
      sampled(sample);
    },
    signal,
  );
  return samples;
}

/** Steps of the whole run, where the line says it. */
function stepsDone(line: string): number | undefined {
  // The schema of the output has these keys where the event is `progress`.
  const event = JSON.parse(line) as { event: string; epoch: number; step: number; stepsPerEpoch: number };
  return event.event === 'progress' ? (event.epoch - 1) * event.stepsPerEpoch + event.step : undefined;
}
