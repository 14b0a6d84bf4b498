/** Reading `weft train --json`: docs/json-output.md describes the lines. */
import { WeftError } from '@weft/core';
import type { TrainingMark } from './steady-rate.ts';

/** What a line is for a timing; `other` says nothing about time. */
export type TrainingLine =
  | { readonly kind: 'mark'; readonly mark: TrainingMark; readonly worldSize: number }
  | { readonly kind: 'run'; readonly engineFingerprint: string; readonly processes: RunProcesses | undefined }
  | { readonly kind: 'other' };

/** The process numbers of a local cluster. */
export interface RunProcesses {
  readonly coordinator: { readonly pid: number };
  readonly trainers: readonly { readonly pid: number }[];
}

/** A run whose lines are read. */
export interface TimedRun {
  readonly batchSize: number;
}

/** Throws 'internal' for a line that ends the run in failure; its text is the run's. */
export function readTrainingLine(line: string, run: TimedRun): TrainingLine {
  const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const number = (key: string): number => {
    const value = event[key];
    if (typeof value === 'number') return value;
    throw new WeftError('internal', `the line has no number ${key}: ${line}`);
  };
  switch (event['event']) {
    case 'progress': {
      // The rate is the mean of the epoch so far, so it gives the training clock of the coordinator.
      const rate = number('examplesPerSecond');
      if (rate === 0) return { kind: 'other' };
      const examples = number('step') * run.batchSize;
      return {
        kind: 'mark',
        mark: { epoch: number('epoch'), examples, seconds: examples / rate },
        worldSize: number('worldSize'),
      };
    }
    case 'epoch': {
      const seconds = number('seconds');
      const examples = number('examplesPerSecond') * seconds;
      return { kind: 'mark', mark: { epoch: number('epoch'), examples, seconds }, worldSize: number('worldSize') };
    }
    case 'run':
      return {
        kind: 'run',
        engineFingerprint: String(event['engineFingerprint']),
        // The schema of the output has these keys or null.
        processes: (event['cluster'] ?? undefined) as RunProcesses | undefined,
      };
    case 'error':
      throw new WeftError('internal', String(event['message']));
    default:
      return { kind: 'other' };
  }
}
