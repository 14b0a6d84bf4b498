/** A study of trials that cost nothing, from its submission to its end, and what that took. */
import { Studies, StudyFeed } from '@weft/coordinator';
import { WeftError } from '@weft/core';
import { openSqliteStudyStore, studyStoreFileName } from '@weft/store';
import { createLogger, type Logger } from '@weft/telemetry';
import { create, StudyDefinitionSchema, StudyExecutionSchema, StudyState, type StudyDefinition } from '@weft/wire';
import { join } from 'node:path';
import process from 'node:process';
import { SyntheticRunner } from './synthetic-runner.ts';

/** What is measured. */
export const studyKinds = ['grid', 'random', 'asha', 'tpe'] as const;

export type StudyKind = (typeof studyKinds)[number];

/** What a study took. */
export interface StudyCost {
  readonly kind: StudyKind;
  readonly trials: number;
  readonly pruned: number;
  /** From submission to end, divided by trials: sampler, pruner, machine, store and messages for watchers. */
  readonly trialMs: number;
  /** Asking for the study, in the middle of it. */
  readonly statusMs: number;
  /** From an opened store to a study that goes on, in the middle of it. */
  readonly resumeMs: number;
}

const trainers = 8;
const epochs = 5;
const maxTurns = 10_000_000;

/** Measures it with its store in `directory`. */
export async function measureStudy(kind: StudyKind, trials: number, directory: string): Promise<StudyCost> {
  const runner = new SyntheticRunner(trainers);
  const file = join(directory, studyStoreFileName);
  let store = openSqliteStudyStore(file);
  const begin = (): Studies => {
    const wallSeconds = (): number => Date.now() / 1000;
    const fail = (error: WeftError): never => {
      throw error;
    };
    const studies = new Studies({ store, runner, feed: new StudyFeed(), log: silentLogger(), wallSeconds, fail });
    runner.listener = studies.listener;
    return studies;
  };
  let studies = begin();
  const startedMs = performance.now();
  studies.submit(
    'study',
    syntheticDefinition(kind, trials),
    create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 3 }),
  );
  const half = await turns(runner, () => studies.find('study').view.trialCount >= trials / 2);
  if (!half) throw new WeftError('internal', `the ${kind} study ended before half of its trials`);
  const pausedMs = performance.now();
  studies.find('study').view.study(true);
  const statusMs = performance.now() - pausedMs;
  store.close();
  store = openSqliteStudyStore(file);
  const openedMs = performance.now();
  studies = begin();
  studies.begin(true);
  const resumeMs = performance.now() - openedMs;
  const away = performance.now() - pausedMs;
  await turns(runner, () => studies.find('study').study.state !== StudyState.RUNNING);
  const trialMs = (performance.now() - startedMs - away) / trials;
  const { counts, state } = studies.find('study').view.study(false);
  store.close();
  if (state !== StudyState.FINISHED || counts?.missing !== 0) {
    throw new WeftError('internal', `the ${kind} study did not finish: ${JSON.stringify(counts)}`);
  }
  return { kind, trials: counts.complete + counts.pruned, pruned: counts.pruned, trialMs, statusMs, resumeMs };
}

/** Says nothing but errors. */
export function silentLogger(): Logger {
  return createLogger({ component: 'studies', level: 'error', format: 'json', stream: process.stderr });
}

/** Gives turns until `enough`; false where nothing was left to do. */
async function turns(runner: SyntheticRunner, enough: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < maxTurns; turn++) {
    if (enough()) return true;
    if (!runner.turn()) return enough();
    if (turn % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  throw new WeftError('timeout', `no end after ${String(maxTurns)} turns`);
}

/** A study of about that many trials of five epochs, for `SyntheticRunner`. */
export function syntheticDefinition(kind: StudyKind, trials: number): StudyDefinition {
  const side = Math.round(Math.sqrt(trials));
  const isGrid = kind === 'grid';
  const learningRate = isGrid
    ? choices(Array.from({ length: side }, (_, i) => 1e-4 * 1.05 ** i))
    : { range: { case: 'floatRange' as const, value: { low: 1e-5, high: 1, log: true } } };
  return create(StudyDefinitionSchema, {
    name: kind,
    base: {
      model: { name: 'none', topologyJson: '{}', loss: 'meanSquaredError' },
      dataSet: { name: 'none', identity: 'none', trainExamples: 60_000, validationExamples: 1000, testExamples: 1000 },
      optimizer: { name: 'sgd', learningRate: 0.01, settings: { momentum: 0 } },
      batchSize: 128,
      chunkSize: 32,
      epochs,
    },
    parameters: [
      { name: 'learning-rate', ...learningRate },
      isGrid
        ? { name: 'batch-size', ...choices(Array.from({ length: side }, (_, i) => 16 + i)) }
        : { name: 'batch-size', range: { case: 'intRange', value: { low: 16n, high: 4096n, log: true } } },
    ],
    objective: { metric: 'validation-accuracy', maximize: true },
    sampler: { name: kind === 'asha' ? 'random' : kind },
    ...(kind === 'asha' ? { pruner: { name: 'asha' } } : {}),
    trialSeeds: [1n],
    seed: 1n,
    maxCells: isGrid ? 0 : trials,
    concurrency: trainers,
  });
}

function choices(numbers: readonly number[]) {
  const values = numbers.map((value) => ({ value: { case: 'number' as const, value } }));
  return { range: { case: 'choices' as const, value: { values } } };
}
