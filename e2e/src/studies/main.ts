/**
 * A grid executed while trainers and the coordinator are killed every few seconds, beside the same grid alone on one trainer: each cell
 * must have one result, and both tables must be the same bytes. README.md says what the figures mean.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { describeError } from '@weft/core';
import { TrialState } from '@weft/wire';
import { StandingCluster } from '../harness/standing-cluster.ts';
import { disturb, everyMs } from './disturbances.ts';
import { studyNow, submitStudy, untilStudyEnded, type EndedStudy } from './followed-study.ts';
import { smallGrid } from './small-study.ts';

const { values } = parseArgs({
  options: {
    /** Cells: as many as learning rates times two batch sizes times two optimizers. */
    cells: { type: 'string', default: '100' },
    trainers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    /** From one kill to the next, at least and at most. */
    'every-ms': { type: 'string', default: '2000,5000' },
    output: { type: 'string' },
  },
});

const limitMs = 1_200_000;
const reportMs = 5000;
const id = 'grid';
const cells = Number(values.cells);
const trainers = Number(values.trainers);
const [least = 2000, most = 5000] = values['every-ms'].split(',').map(Number);
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const grid = await smallGrid({
  learningRates: Array.from({ length: Math.ceil(cells / 4) }, (_, i) => 0.003 * 1.2 ** i),
  batchSizes: [32, 64],
  optimizers: ['sgd', 'adam'],
  trialSeeds: [1n],
  epochs: 2,
  trainExamples: 600,
});

async function withCluster<T>(size: number, action: (cluster: StandingCluster) => Promise<T>): Promise<T> {
  const cluster = await StandingCluster.open({ gated: false });
  try {
    await cluster.fill(size);
    await submitStudy(cluster.coordinator, id, grid, { maxTrainers: size === 1 ? 1 : 0 });
    return await action(cluster);
  } finally {
    await cluster.end();
  }
}

async function followed(cluster: StandingCluster): Promise<EndedStudy> {
  const timer = setInterval(() => {
    void studyNow(cluster.coordinator, id).then((study) => {
      const { complete = 0, running = 0, waiting = 0 } = study?.counts ?? {};
      say(
        study === undefined
          ? 'no coordinator'
          : `${String(complete)} done, ${String(running)} run, ${String(waiting)} wait`,
      );
    });
  }, reportMs);
  try {
    return await untilStudyEnded(() => cluster.coordinator, id, limitMs);
  } finally {
    clearInterval(timer);
  }
}

try {
  const serial = await withCluster(1, followed);
  say(`alone: ${String(serial.trials.length)} trials in ${serial.study.seconds.toFixed(0)} s`);
  const disturbed = await withCluster(trainers, async (cluster) => {
    const stop = new AbortController();
    const seed = Number(values.seed);
    const disturbing = disturb(cluster, { seed, trainers, pace: everyMs(least, most, seed) }, stop.signal);
    const ending = followed(cluster).finally(() => {
      stop.abort();
    });
    const [ended, disturbances] = await Promise.all([ending, disturbing]);
    return { ...ended, disturbances };
  });
  const inState = (wanted: TrialState): number => disturbed.trials.filter(({ state }) => state === wanted).length;
  const [complete, diverged] = [inState(TrialState.COMPLETE), inState(TrialState.DIVERGED)];
  const attempts = disturbed.trials.reduce((sum, trial) => sum + trial.attempts, 0);
  const figures = {
    cells: serial.trials.length,
    complete,
    diverged,
    digests: new Set(disturbed.trials.map(({ configurationDigest }) => configurationDigest)).size,
    missing: disturbed.study.counts?.missing,
    attempts,
    ...disturbed.disturbances,
    secondsAlone: Math.round(serial.study.seconds),
    secondsDisturbed: Math.round(disturbed.study.seconds),
    tablesEqual: disturbed.table === serial.table,
  };
  say(JSON.stringify(figures, undefined, 1));
  if (values.output !== undefined) {
    const about = { benchmark: 'disturbed-study', date: new Date().toISOString(), node: process.version };
    const settings = { trainers, seed: values.seed, everyMs: [least, most] };
    await writeFile(join(values.output), `${JSON.stringify({ ...about, settings, ...figures }, undefined, 2)}\n`);
  }
  if (!figures.tablesEqual || figures.missing !== 0 || complete + diverged !== figures.cells) process.exitCode = 1;
} catch (thrown) {
  say(describeError(thrown));
  process.exitCode = 1;
}
