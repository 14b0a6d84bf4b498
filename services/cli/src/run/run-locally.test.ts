import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { isAlive } from '../local-cluster/process-wait.fixture.ts';
import type { Reporter } from '../output/reporter.ts';
import { readRecord, runFolder } from '../run-folder/run-folder.ts';
import { trainLocally, type LocalEnd } from './train-locally.ts';
import type { ConfigurationInit } from './training-options.ts';

let state = '';
const fixture = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const coordinator = fixture('./fake-coordinator.fixture.ts');
const sleeper = fixture('../local-cluster/sleeper.fixture.ts');
const failing = fixture('../local-cluster/failing.fixture.ts');

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'weft-local-'));
});

afterEach(async () => {
  await rm(state, { recursive: true });
});

const configurationOf = (model: string): ConfigurationInit => ({
  model: { name: model, topologyJson: '{}', loss: 'categoricalCrossentropy' },
  dataSet: {
    name: 'synthetic-fashion',
    identity: 'sha256:0',
    trainExamples: 100,
    validationExamples: 10,
    testExamples: 10,
  },
  optimizer: { name: 'sgd', learningRate: 0.01 },
  ...{ batchSize: 50, chunkSize: 25, epochs: 2, seed: 1n },
});

/** Runs the fake coordinator in `manner`; `onEvent` sees what a reporter is told, by name. */
async function train(
  manner: string,
  trainer: string,
  onEvent: (event: string, surroundings: ReturnType<typeof fakeContext>) => void = () => undefined,
): Promise<{ end: Promise<LocalEnd>; events: string[]; pids: number[] }> {
  const surroundings = fakeContext();
  const events: string[] = [];
  const pids: number[] = [];
  const tell = (event: string): void => {
    events.push(event);
    onEvent(event, surroundings);
  };
  const reporter: Reporter = {
    status: ({ phase }, processes) => {
      if (processes !== undefined) pids.push(processes.coordinator.pid, ...processes.trainers.map(({ pid }) => pid));
      tell(phase);
    },
    progress: () => tell('progress'),
    epoch: ({ epoch }) => tell(`epoch ${String(epoch)}`),
    notice: (text) => tell(text),
    ended: () => tell('ended'),
    dropped: () => tell('dropped'),
  };
  const configuration = configurationOf(manner);
  const run = { runId: 'a', configuration, local: { trainers: 2 }, state, entries: { coordinator, trainer } };
  const end = trainLocally(run, reporter, surroundings.context);
  await end.catch(() => undefined);
  return { end, events, pids };
}

const record = async (): ReturnType<typeof readRecord> => readRecord(runFolder(state, 'a'));

test('a run is told from its first state to its last epoch, recorded, and leaves no process', async () => {
  const { end, events, pids } = await train('finish', sleeper);
  const { outcome } = await end;
  expect(outcome).toMatchObject({ kind: 'ended', result: { testAccuracy: 0.7, validationAccuracy: 0.6 } });
  const epochs = ['progress', 'epoch 1', 'progress', 'epoch 2'];
  expect(events).toEqual(['queued', 'queued', 'running', 'all is well', ...epochs]);
  expect(await record()).toMatchObject({
    phase: 'finished',
    epochs: [{ epoch: 1 }, { epoch: 2 }],
    local: { trainers: 2 },
  });
  expect(new Set(pids).size).toBe(3);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a run that diverges ends without a result', async () => {
  const { end } = await train('diverge', sleeper);
  const { outcome } = await end;
  expect(outcome).toMatchObject({ kind: 'ended', status: { phase: 'diverged', reason: 'the loss is NaN' } });
  expect((await record())?.result).toBeUndefined();
});

test('an interruption stops everything and leaves a run that can be resumed', async () => {
  const { end, events, pids } = await train('wait', sleeper, (event, { stop }) => {
    if (event === 'queued') stop.abort('SIGINT');
  });
  expect((await end).outcome).toEqual({ kind: 'stopped' });
  expect(events).toEqual(expect.arrayContaining(['queued', 'dropped']));
  expect((await record())?.phase).toBe('interrupted');
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a second interruption ends what does not stop', async () => {
  const { end, pids } = await train('wait', sleeper, (event, { stop, kill }) => {
    if (event !== 'queued') return;
    stop.abort('SIGINT');
    kill.abort('SIGINT');
  });
  expect((await end).outcome).toEqual({ kind: 'stopped' });
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a coordinator that crashes is an error with the end of its log, and its trainers end', async () => {
  const { end, pids } = await train('crash', sleeper);
  await expect(end).rejects.toMatchObject({ code: 'unavailable' });
  await expect(end).rejects.toThrow(/coordinator ended with exit code 7; its log is .*coordinator\.log/);
  await expect(end).rejects.toThrow('something terrible happened');
  expect(pids.filter(isAlive)).toEqual([]);
  expect((await record())?.phase).toBe('interrupted');
});

test('trainers that fail before the run starts are an error, not a wait for ever', async () => {
  const { end, pids } = await train('wait', failing);
  await expect(end).rejects.toMatchObject({ code: 'unavailable' });
  await expect(end).rejects.toThrow(/trainer-\d ended with exit code 5/);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a coordinator that leaves before the end is an error', async () => {
  const { end } = await train('leave', sleeper);
  await expect(end).rejects.toThrow('the coordinator ended the connection before run a was over');
});

test('a coordinator that does not come up is an error with the end of its log', async () => {
  const surroundings = fakeContext();
  const reporter: Reporter = {
    ...{ status: () => undefined, progress: () => undefined, epoch: () => undefined },
    ...{ notice: () => undefined, ended: () => undefined, dropped: () => undefined },
  };
  const entries = { coordinator: failing, trainer: sleeper };
  const configuration = configurationOf('any');
  const run = { runId: 'a', configuration, local: { trainers: 1 }, state, entries };
  await expect(trainLocally(run, reporter, surroundings.context)).rejects.toThrow(
    /coordinator ended with exit code 5.*cannot go on: the cause/s,
  );
});
