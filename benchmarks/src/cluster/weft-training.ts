/** Times `weft train` on this machine, with its coordinator and trainers as the processes that they always are. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { WeftError } from '@weft/core';
import type { ExampleSource } from '../examples.ts';
import { runLines } from '../process/line-process.ts';
import { rounded } from '../report/statistics.ts';
import { processorMs } from './processor-time.ts';
import { steadyRate, trainedExamples, windowRates, type TrainingMark, type WindowRule } from './steady-rate.ts';
import { readTrainingLine, type RunProcesses } from './training-mark.ts';

/** What to train. */
export interface TrainingTask {
  readonly model: string;
  readonly optimizer: string;
  readonly batchSize: number;
  readonly trainers: number;
  /** Training time that is measured, after the warm-up. */
  readonly seconds: number;
  readonly examples: ExampleSource;
}

export interface TrainingTiming {
  readonly examplesPerSecond: number;
  readonly windows: number;
  readonly engineFingerprint: string;
  /** Processor time for each global batch, evaluation and checkpoints included; null where the system does not tell. */
  readonly processorMs: { readonly coordinator: number | null; readonly trainers: number | null };
}

/** Processor time used and examples trained on so far. */
interface Usage {
  readonly examples: number;
  readonly coordinatorMs: number;
  /** Of all trainers together. */
  readonly trainersMs: number;
}

const commandLine = join(import.meta.dirname, '../../../services/cli/src/main.ts');
const rule: WindowRule = { warmUpSeconds: 2, windowSeconds: 1 };
const startSeconds = 120;
/** More than can pass: the run is stopped when it was measured long enough. */
const epochs = 100_000;

/** Trains until there are windows for `task.seconds`, stops the run and removes its state. */
export async function timeTraining(task: TrainingTask, signal: AbortSignal): Promise<TrainingTiming> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'weft-benchmark-'));
  const marks: TrainingMark[] = [];
  const wanted = Math.ceil(task.seconds / rule.windowSeconds);
  let engineFingerprint = '';
  let processes: RunProcesses | undefined;
  const usages: Promise<Usage>[] = [];
  try {
    await runLines({
      title: `weft train (${task.model}, ${String(task.trainers)} trainers)`,
      command: process.execPath,
      argv: ['--disable-warning=ExperimentalWarning', commandLine, 'train', ...trainingArguments(task, stateDirectory)],
      timeoutMs: (startSeconds + 10 * task.seconds) * 1000,
      signal,
      take: (text) => {
        const line = readTrainingLine(text, task);
        if (line.kind === 'run') {
          ({ engineFingerprint } = line);
          processes = line.processes ?? processes;
        }
        if (line.kind === 'mark') {
          marks.push(line.mark);
          // A regroup to fewer trainers would time something else. At the end of an epoch nobody works, and it is 0.
          if (line.worldSize !== 0 && line.worldSize !== task.trainers) {
            throw new WeftError('internal', `${String(line.worldSize)} of ${String(task.trainers)} trainers took part`);
          }
        }
        const windows = windowRates(marks, rule).length;
        const enough = windows >= wanted;
        // From the first window on to the end of the last.
        if (processes !== undefined && ((usages.length === 0 && windows > 0) || enough)) {
          usages.push(usageOf(processes, trainedExamples(marks)));
        }
        return enough ? 'enough' : 'more';
      },
    });
  } finally {
    await rm(stateDirectory, { recursive: true, force: true });
  }
  return {
    examplesPerSecond: steadyRate(marks, rule),
    windows: windowRates(marks, rule).length,
    engineFingerprint,
    processorMs: perBatch(await Promise.all(usages), task.batchSize),
  };
}

async function usageOf({ coordinator, trainers }: RunProcesses, examples: number): Promise<Usage> {
  const [coordinatorMs, ...trainerMs] = await Promise.all(
    [coordinator, ...trainers].map(({ pid }) => processorMs(pid)),
  );
  return {
    examples,
    coordinatorMs: coordinatorMs ?? Number.NaN,
    trainersMs: trainerMs.reduce((sum, ms) => sum + ms, 0),
  };
}

function perBatch(usages: readonly Usage[], batchSize: number): TrainingTiming['processorMs'] {
  const [first] = usages;
  const last = usages.at(-1);
  const of = (ms: (usage: Usage) => number): number | null => {
    if (first === undefined || last === undefined) return null;
    const spent = ((ms(last) - ms(first)) * batchSize) / (last.examples - first.examples);
    return Number.isFinite(spent) ? rounded(spent) : null;
  };
  return { coordinator: of((usage) => usage.coordinatorMs), trainers: of((usage) => usage.trainersMs) };
}

function trainingArguments(task: TrainingTask, stateDirectory: string): string[] {
  const { model, optimizer, batchSize, trainers, examples } = task;
  return [
    ...['--model', model, '--optimizer', optimizer, '--batch-size', String(batchSize)],
    ...['--epochs', String(epochs), '--trainers', String(trainers), '--state-dir', stateDirectory, '--json'],
    ...['--dataset', examples.name],
    ...(examples.directory === undefined ? [] : ['--data-dir', examples.directory]),
  ];
}
