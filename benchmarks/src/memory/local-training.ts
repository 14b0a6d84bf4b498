/** Trains a model to its end by `weft train`, with its coordinator and trainers as the processes that they always are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readTrainingLine, type RunProcesses } from '../cluster/training-mark.ts';
import type { ExampleSource } from '../examples.ts';
import { runLines } from '../process/line-process.ts';

/** What to train, and how. */
export interface LocalTraining {
  readonly model: string;
  readonly optimizer: string;
  readonly transport: string;
  readonly batchSize: number;
  readonly trainers: number;
  readonly epochs: number;
  readonly examples: ExampleSource;
}

const commandLine = join(import.meta.dirname, '../../../services/cli/src/main.ts');
const timeoutMs = 1_800_000;

/** Calls `take` with each line of `weft train --json` once the processes are known. Removes the state of the run when it has ended. */
export async function trainLocally(
  training: LocalTraining,
  take: (line: string, processes: RunProcesses) => void,
  signal: AbortSignal,
): Promise<void> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'weft-benchmark-'));
  let processes: RunProcesses | undefined;
  try {
    const { model, optimizer, transport, batchSize, trainers, epochs, examples } = training;
    await runLines({
      title: `weft train (${model}, batch ${String(batchSize)}, ${String(trainers)} trainers, ${transport})`,
      command: process.execPath,
      argv: [
        ...['--disable-warning=ExperimentalWarning', commandLine, 'train', '--json', '--state-dir', stateDirectory],
        ...['--model', model, '--optimizer', optimizer, '--batch-size', String(batchSize), '--transport', transport],
        ...['--epochs', String(epochs), '--trainers', String(trainers), '--dataset', examples.name],
        ...(examples.directory === undefined ? [] : ['--data-dir', examples.directory]),
      ],
      ...{ timeoutMs, signal },
      take: (text) => {
        const line = readTrainingLine(text, training);
        if (line.kind === 'run') processes = line.processes ?? processes;
        if (processes !== undefined) take(text, processes);
        return 'more';
      },
    });
  } finally {
    await rm(stateDirectory, { recursive: true, force: true });
  }
}
