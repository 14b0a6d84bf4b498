/** Trains a model to its end, with its coordinator and trainers as the processes that they always are, and watches their memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readTrainingLine, type RunProcesses } from '../cluster/training-mark.ts';
import type { ExampleSource } from '../examples.ts';
import { runLines } from '../process/line-process.ts';
import { peakMemoryMiB } from './peak-memory.ts';

/** What to train. */
export interface MemoryTask {
  readonly model: string;
  readonly batchSize: number;
  readonly trainers: number;
  readonly epochs: number;
  readonly examples: ExampleSource;
}

/** The most memory that each process held at one time, in MiB. */
export interface PeakMemory {
  readonly coordinatorMiB: number;
  /** In the order of their names. */
  readonly trainersMiB: readonly number[];
}

const commandLine = join(import.meta.dirname, '../../../services/cli/src/main.ts');
const timeoutMs = 1_800_000;
const watchIntervalMs = 100;

/** Removes the state of the run when it has ended. */
export async function trainingMemory(task: MemoryTask, signal: AbortSignal): Promise<PeakMemory> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'weft-benchmark-'));
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
    const { model, batchSize, trainers, epochs, examples } = task;
    await runLines({
      title: `weft train (${model}, batch ${String(batchSize)}, ${String(trainers)} trainers)`,
      command: process.execPath,
      argv: [
        ...['--disable-warning=ExperimentalWarning', commandLine, 'train', '--json', '--state-dir', stateDirectory],
        ...['--model', model, '--optimizer', 'adam', '--batch-size', String(batchSize)],
        ...['--epochs', String(epochs), '--trainers', String(trainers), '--dataset', examples.name],
        ...(examples.directory === undefined ? [] : ['--data-dir', examples.directory]),
      ],
      ...{ timeoutMs, signal },
      take: (text) => {
        const line = readTrainingLine(text, task);
        if (line.kind === 'run') processes = line.processes ?? processes;
        look();
        return 'more';
      },
    });
  } finally {
    clearInterval(watch);
    await rm(stateDirectory, { recursive: true, force: true });
  }
  const peakOf = ({ pid }: { readonly pid: number }): number => Math.round(peaks.get(pid) ?? Number.NaN);
  return {
    coordinatorMiB: processes === undefined ? Number.NaN : peakOf(processes.coordinator),
    trainersMiB: processes?.trainers.map(peakOf) ?? [],
  };
}
