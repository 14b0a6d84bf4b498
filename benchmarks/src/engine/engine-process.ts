/** Engines are timed and profiled in processes of their own, as PyTorch is: nothing that ran before is in a figure. */
import { join } from 'node:path';
import process from 'node:process';
import { runForJson } from '../process/line-process.ts';

/** What to run; the options of engine-timing.ts and engine-profile.ts. */
export interface EngineTask {
  readonly engine?: string;
  readonly model?: string;
  readonly optimizer?: string;
  readonly batchSize?: number;
  readonly chunkSize?: number;
  readonly seconds: number;
  readonly dataDirectory?: string | undefined;
  /** Measure the machine, no model. */
  readonly peak?: boolean;
}

/** What engine-timing.ts prints. */
export interface EngineTiming {
  readonly fingerprint: string;
  readonly examplesPerSecond: number;
  readonly medianStepMs: number;
  readonly medianGradientMs: number;
  readonly toFirstStepMs: number;
  readonly peakMemoryMiB: number;
}

const startSeconds = 240;

/** Runs a timing or a profile and gives what it printed. Throws what `runForJson` throws. */
export async function runEngine<T>(kind: 'timing' | 'profile', task: EngineTask, signal: AbortSignal): Promise<T> {
  const { engine, model, optimizer, batchSize, chunkSize, seconds, dataDirectory, peak } = task;
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, String(value)];
  const result = await runForJson({
    title: `the ${kind} of ${engine ?? 'ort-cpu'} (${model ?? 'peak'})`,
    command: process.execPath,
    argv: [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, `../engine-${kind}.ts`),
      ...(peak === true ? ['--peak'] : []),
      ...option('engine', engine),
      ...option('model', model),
      ...option('optimizer', optimizer),
      ...option('batch-size', batchSize),
      ...option('chunk-size', chunkSize),
      ...option('seconds', seconds),
      ...option('data-dir', dataDirectory),
    ],
    timeoutMs: (startSeconds + 10 * seconds) * 1000,
    signal,
  });
  // The programs are part of this package, and print just that.
  return result as T;
}
