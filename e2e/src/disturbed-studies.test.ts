/** Studies by real processes: alone, on gangs, and while trainers and the coordinator are killed again and again. */
import { StudyState } from '@weft/wire';
import { afterEach, expect, test } from 'vitest';
import { StandingCluster } from './harness/standing-cluster.ts';
import { disturb, everyTrials } from './studies/disturbances.ts';
import { submitStudy, untilStudyEnded, type EndedStudy } from './studies/followed-study.ts';
import { smallGrid, type ExecutionInit } from './studies/small-study.ts';

const limitMs = 120_000;
const id = 'grid';
const clusters: StandingCluster[] = [];

afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.end()));
});

async function clusterOf(trainers: number): Promise<StandingCluster> {
  const cluster = await StandingCluster.open({ gated: false, coordinatorArgv: [] });
  clusters.push(cluster);
  await cluster.fill(trainers);
  return cluster;
}

const grid = await smallGrid({
  learningRates: [0.3, 0.1, 0.03],
  batchSizes: [32, 64],
  optimizers: ['sgd', 'adam'],
  trialSeeds: [1n, 2n],
  epochs: 2,
  trainExamples: 600,
});

async function executed(trainers: number, execution: ExecutionInit): Promise<EndedStudy> {
  const cluster = await clusterOf(trainers);
  await submitStudy(cluster.coordinator, id, grid, execution);
  const ended = await untilStudyEnded(() => cluster.coordinator, id, limitMs);
  clusters.splice(clusters.indexOf(cluster), 1);
  await cluster.end();
  return ended;
}

test('a grid of 24 trials has one table: on one trainer, on gangs of two, and elastically while processes are killed', async () => {
  const serial = await executed(1, { maxTrainers: 1 });
  expect(serial.study).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 24, missing: 0, excused: 0 } });
  expect(serial.table.trim().split('\n')).toHaveLength(24);
  const gangs = await executed(4, { minTrainers: 2, maxTrainers: 2 });
  expect(gangs.table).toBe(serial.table);

  const cluster = await clusterOf(3);
  const stop = new AbortController();
  await submitStudy(cluster.coordinator, id, grid, {});
  const disturbing = disturb(cluster, { seed: 7, trainers: 3, pace: everyTrials(3, cluster, id) }, stop.signal);
  const ending = untilStudyEnded(() => cluster.coordinator, id, limitMs).finally(() => {
    stop.abort();
  });
  const [elastic, disturbances] = await Promise.all([ending, disturbing]);
  expect(elastic.table).toBe(serial.table);
  expect(disturbances.trainersKilled).toBeGreaterThan(0);
  expect(disturbances.coordinatorsKilled).toBeGreaterThan(0);
});
