import { runId } from '@weft/core';
import { openSqliteStudyStore } from '@weft/store';
import { createLogger } from '@weft/telemetry';
import { create, RunState, StudyDefinitionSchema, StudyExecutionSchema, TrialState, type Trial } from '@weft/wire';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { QueueInMemory } from '../run/queue-in-memory.fixture.ts';
import { QueueTrialRunner } from './queue-trial-runner.ts';
import { Studies } from './studies.ts';
import { StudyFeed } from './study-feed.ts';

const definition = create(StudyDefinitionSchema, {
  name: 'rates',
  base: {
    model: { name: 'none', topologyJson: '{}', loss: 'meanSquaredError' },
    dataSet: { name: 'd', identity: 'd', trainExamples: 8, validationExamples: 10, testExamples: 10 },
    optimizer: { name: 'sgd', learningRate: 0.01, settings: { momentum: 0 } },
    ...{ batchSize: 4, chunkSize: 1, epochs: 1 },
  },
  parameters: [{ name: 'learning-rate', range: { case: 'floatRange', value: { low: 1e-5, high: 1, log: true } } }],
  objective: { metric: 'validation-accuracy', maximize: true },
  sampler: { name: 'random' },
  ...{ trialSeeds: [1n], seed: 1n, maxCells: 4, concurrency: 2 },
});
const execution = create(StudyExecutionSchema, { minTrainers: 1, maxTrainers: 1, maxAttempts: 2 });

/** A study of four trials on two trainers that never come to an end. */
async function worldWithStudy() {
  const world = new QueueInMemory();
  const runner = new QueueTrialRunner(world.queue, world.store, () => 0);
  const log = createLogger({ component: 'test', level: 'error', format: 'json', stream: new PassThrough() });
  const parts = { store: openSqliteStudyStore(':memory:'), feed: new StudyFeed(), log, wallSeconds: () => 0 };
  const fail = (error: Error): never => {
    throw error;
  };
  const studies = new Studies({ ...parts, runner, fail });
  runner.listen(studies.listener);
  world.queue.observe(runner);
  for (const name of ['a', 'b']) world.attach(name);
  await expect.poll(() => world.cluster.members.length).toBe(2);
  studies.submit('s', definition, execution);
  const trials = (): Trial[] => [0, 1, 2, 3].map((trial) => studies.find('s').view.trial(trial));
  return { world, runner, studies, trials };
}

const onAndWaiting = [TrialState.RUNNING, TrialState.RUNNING, TrialState.WAITING, TrialState.WAITING];

test('a study that is extended while it is on keeps its runs', async () => {
  const { world, studies } = await worldWithStudy();
  const before = world.work;
  studies.extend('s', { moreCells: 1, moreTrialSeeds: [], epochs: 0 });
  await expect.poll(() => world.queue.describeOpen()).toHaveLength(5);
  expect(world.work).toEqual(before);
});

test('a run that is ended and asked for in one turn goes on, and one that is ended after that does not', async () => {
  const { world, studies, runner, trials } = await worldWithStudy();
  studies.pause('s');
  studies.resume('s');
  await expect.poll(() => world.queue.describeOpen()).toHaveLength(4);
  await expect.poll(() => trials().map(({ state }) => state)).toEqual(onAndWaiting);
  studies.pause('s');
  studies.resume('s');
  studies.pause('s');
  await expect.poll(() => world.queue.describeOpen()).toEqual([]);
  expect(runner.open()).toEqual([]);
  studies.resume('s');
  await expect.poll(() => trials().map(({ state }) => state)).toEqual(onAndWaiting);
});

test('a run that people cancel is excused with their reason, and goes on when its trial is tried again', async () => {
  const { world, studies, trials } = await worldWithStudy();
  world.queue.cancel(runId('s.2'), 'by hand');
  await expect
    .poll(() => trials()[2])
    .toMatchObject({ state: TrialState.EXCUSED, reason: 'its run was cancelled: by hand' });
  studies.retry('s', [2]);
  expect(world.queue.describe(runId('s.2')).state).toBe(RunState.QUEUED);
});
