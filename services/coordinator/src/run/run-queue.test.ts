import { runId, type RunId } from '@weft/core';
import { everyTrainer, type StoredRun } from '@weft/store';
import { RunState, splitTransfer } from '@weft/wire';
import { expect, test, vi } from 'vitest';
import { layoutSize, QueueInMemory, type TrainerInMemory } from './queue-in-memory.fixture.ts';

const two = { minTrainers: 2, startTrainers: 2 };
const one = { maxTrainers: 1 };

function partialFrames(run: RunId, transfer: bigint): Parameters<TrainerInMemory['stream']['send']>[0][] {
  const value = { $typeName: 'weft.v1.Partial' as const, runId: run, generation: 1n, position: 0n, level: 0, index: 0 };
  const about = { case: 'partial' as const, value: { ...value, lossSum: 1, correctCount: 1n } };
  const frames = splitTransfer(transfer, about, new Uint8Array(layoutSize * 4));
  return [...frames].map(({ frame, payload }) => ({ body: { case: 'frame', value: frame }, payload }));
}

test('what trainers still send of a run that has ended is dropped by the run that follows', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const first = world.submit('first', two);
  const second = world.submit('second', two);
  const a = world.attach('a');
  const b = world.attach('b');
  await expect.poll(() => queue.describe(first).worldSize).toBe(2);
  const [started, rest] = partialFrames(first, 1n);
  if (started !== undefined) a.stream.send(started);
  queue.cancel(first, 'enough');
  await expect.poll(() => queue.describe(second).worldSize).toBe(2);
  expect([a.heard, b.heard]).toEqual([
    ['open first', 'close first', 'open second'],
    ['open first', 'close first', 'open second'],
  ]);
  // One transfer was begun before the run ended, the other only now.
  if (rest !== undefined) a.stream.send(rest);
  for (const frame of partialFrames(first, 1n)) b.stream.send(frame);
  await vi.waitFor(() => {
    expect(world.work).toEqual({ a: 'second', b: 'second' });
  });
});

test('a queued run that is cancelled ends for those who watch it, and is told to observers', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const told: string[] = [];
  queue.observe({
    epochEnded: () => undefined,
    ended: (run, state, reason, code) => told.push(`${run.runId} ${String(state)} ${reason} ${code}`),
  });
  const run = world.submit('r');
  const { seen, ended } = world.watch(run);
  queue.cancel(run, 'not needed');
  await ended;
  expect(seen).toMatchObject([{ case: 'run', value: { state: RunState.CANCELLED, reason: 'not needed' } }]);
  expect(told).toEqual([`r ${String(RunState.CANCELLED)} not needed `]);
});

test('runs go side by side, and one that waits says for what', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  for (const name of ['a', 'b', 'c']) world.attach(name);
  await expect.poll(() => world.cluster.members.length).toBe(3);
  world.submit('first', { ...two, maxTrainers: 2 });
  world.submit('second', one);
  const third = world.submit('third', two);
  expect(world.work).toEqual({ a: 'first', b: 'first', c: 'second' });
  expect(queue.describe(third)).toMatchObject({
    state: RunState.QUEUED,
    reason: 'waiting for 2 of 2 trainers: the others are at work for other runs',
  });
  expect(Object.fromEntries(queue.countByState())).toEqual({ running: 2, queued: 1 });
  queue.cancel(runId('first'), 'enough');
  await expect.poll(() => world.work).toEqual({ a: 'third', b: 'third', c: 'second' });
});

test('a run gives up a trainer for one that waits, and may have it again', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const first = world.submit('first', { startTrainers: 3 });
  const trainers = ['a', 'b', 'c'].map((name) => world.attach(name));
  await expect.poll(() => queue.describe(first).worldSize).toBe(3);
  const { seen } = world.watch(first);
  const second = world.submit('second', one);
  await expect.poll(() => world.work).toEqual({ a: 'first', b: 'first', c: 'second' });
  await expect.poll(() => trainers[2]?.heard).toEqual(['open first', 'close first', 'open second']);
  await expect
    .poll(() => seen)
    .toContainEqual({
      case: 'notice',
      value: expect.objectContaining({
        text: expect.stringContaining('trainer c left: run second is waiting for 1 of 1 trainer') as string,
      }) as object,
    });
  queue.cancel(second, 'enough');
  await expect.poll(() => world.work).toEqual({ a: 'first', b: 'first', c: '' });
  world.nowMs += 1000;
  queue.place();
  expect(world.work).toEqual({ a: 'first', b: 'first', c: 'first' });
});

test('a trainer that a run has let go because it cannot take part goes to another run, and not back', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const first = world.submit('first', { startTrainers: 2 });
  const a = world.attach('a');
  const b = world.attach('b');
  await expect.poll(() => queue.describe(first).worldSize).toBe(2);
  b.fail(first, 'resource-exhausted');
  await expect.poll(() => world.work).toEqual({ a: 'first', b: '' });
  world.submit('second', one);
  await expect.poll(() => world.work).toEqual({ a: 'first', b: 'second' });
  queue.cancel(runId('second'), 'enough');
  await expect.poll(() => b.heard.at(-1)).toBe('close second');
  world.nowMs += 100_000;
  queue.place();
  expect(world.work).toEqual({ a: 'first', b: '' });
  expect(a.heard).toEqual(['open first']);
});

test('a run that has lost all others asks a trainer again that it had let go, and ends by its reason where that fails again', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const run = world.submit('r', { startTrainers: 2 });
  const a = world.attach('a');
  const b = world.attach('b');
  await expect.poll(() => queue.describe(run).worldSize).toBe(2);
  a.fail(run, 'unavailable');
  await expect.poll(() => world.work).toEqual({ a: '', b: 'r' });
  b.stream.end();
  await expect.poll(() => a.heard).toEqual(['open r', 'close r', 'open r']);
  a.fail(run, 'unavailable');
  await expect.poll(() => queue.describe(run).state).toBe(RunState.FAILED);
  expect(queue.describe(run)).toMatchObject({ failureCode: 'unavailable' });
});

test('the code of a failure is kept', async () => {
  const world = new QueueInMemory();
  const told: unknown[] = [];
  world.queue.observe({
    epochEnded: () => undefined,
    ended: (run, state, _, code) => told.push([run.studyId, run.trial, state, code]),
  });
  const run = world.submit('r', { studyId: 's', trial: 3 });
  const a = world.attach('a');
  await expect.poll(() => a.heard).toEqual(['open r']);
  a.fail(run, 'too-large');
  await expect.poll(() => told).toEqual([['s', 3, RunState.FAILED, 'too-large']]);
  expect(world.store.find(run)).toMatchObject({ state: RunState.FAILED, failureCode: 'too-large' });
  expect(world.queue.describe(run)).toMatchObject({ failureCode: 'too-large', studyId: 's', trial: 3 });
});

test('whoever is told of an end may submit the next run, which gets the trainers', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  const taken: number[] = [];
  queue.observe({
    epochEnded: () => undefined,
    ended: (run) => {
      taken.push(queue.usage(run.runId).trainerSeconds);
      if (taken.length < 3) world.submit(`r${String(taken.length)}`, { studyId: 's', ...one });
    },
  });
  world.submit('r0', { studyId: 's', ...one });
  const a = world.attach('a');
  for (let ended = 0; ended < 3; ended++) {
    const run = `r${String(ended)}`;
    await expect.poll(() => world.work).toEqual({ a: run });
    world.nowMs += 2000;
    queue.cancel(runId(run), 'enough');
  }
  await expect.poll(() => world.work).toEqual({ a: '' });
  await expect.poll(() => a.heard).toEqual(['open r0', 'close r0', 'open r1', 'close r1', 'open r2', 'close r2']);
  expect(taken).toEqual([2, 2, 2]);
  expect(queue.usageOfStudy('s')).toMatchObject({ trainerSeconds: 6, stepSeconds: 0 });
});

test('all runs that were on go on when the coordinator is started again, before those that are queued', async () => {
  const before = new QueueInMemory();
  for (const name of ['a', 'b', 'c']) before.attach(name);
  await expect.poll(() => before.cluster.members.length).toBe(3);
  before.submit('first', { ...two, maxTrainers: 2 });
  before.submit('second', one);
  before.submit('third', { ...one, priority: 0 });
  await expect.poll(() => before.queue.describe(runId('first')).worldSize).toBe(2);
  before.queue.stop();

  const after = new QueueInMemory(before.store);
  expect(after.queue.describe(runId('first'))).toMatchObject({ state: RunState.RUNNING });
  for (const name of ['x', 'y']) after.attach(name);
  // One is kept for the gang that was on, and not given to the third run.
  await expect.poll(() => after.work).toEqual({ x: 'second', y: '' });
  after.attach('z');
  await expect.poll(() => after.work).toEqual({ x: 'second', y: 'first', z: 'first' });
  expect(after.queue.describe(runId('third'))).toMatchObject({ state: RunState.QUEUED });
});

test('runs of studies are listed on request only', () => {
  const world = new QueueInMemory();
  world.submit('single');
  world.submit('trial', { studyId: 's', trial: 1 });
  const ids = (withTrials: boolean): string[] => world.queue.describeAll(withTrials).map((run) => run.runId);
  expect([ids(false), ids(true)]).toEqual([['single'], ['single', 'trial']]);
  expect(() => world.queue.describe(runId('none'))).toThrow(/does not exist; the last ones are single, trial/);
});

test.each<[string, Partial<StoredRun>, number]>([
  ['every trainer', { maxTrainers: everyTrainer }, 3],
  ['so many', { maxTrainers: 2 }, 2],
  ['as many as make it faster, of which nothing is known yet', { maxTrainers: 0 }, 1],
])('a run gets %s', async (_, limits, expected) => {
  const world = new QueueInMemory();
  for (const name of ['a', 'b', 'c']) world.attach(name);
  await expect.poll(() => world.cluster.members.length).toBe(3);
  const run = world.submit('r', limits);
  const given = Object.values(world.work).filter((works) => works === run);
  expect(given).toHaveLength(expected);
});

test('a trainer on another engine is not given to a run, which says so once', async () => {
  const world = new QueueInMemory();
  const run = world.submit('r');
  const { seen } = world.watch(run);
  world.attach('a');
  await expect.poll(() => world.queue.describe(run).worldSize).toBe(1);
  const odd = world.attach('odd', 'another');
  const texts = (): string[] => seen.flatMap((event) => (event.case === 'notice' ? [event.value.text ?? ''] : []));
  await expect.poll(texts).toHaveLength(1);
  world.queue.place();
  expect(texts()).toEqual([
    expect.stringMatching(/trainer odd cannot take part: its engine is "another", but the run began on "e"/),
  ]);
  expect(odd.heard).toEqual([]);
});

test('a run that was under way goes on with as few trainers as it needs, one that is resumed waits for as many as was said', async () => {
  const before = new QueueInMemory();
  const run = before.submit('r', { startTrainers: 2 });
  for (const name of ['a', 'b']) before.attach(name);
  await expect.poll(() => before.queue.describe(run).worldSize).toBe(2);
  before.queue.stop();

  const after = new QueueInMemory(before.store);
  after.attach('a');
  await expect.poll(() => after.queue.describe(run).worldSize).toBe(1);
  after.queue.cancel(run, 'enough');
  await expect.poll(() => after.work).toEqual({ a: '' });
  after.queue.resume(run, { minTrainers: 1, startTrainers: 2 });
  expect(after.queue.describe(run).reason).toMatch(/waiting for 2 of 2 trainers/);
});

test('the runs of a study get one engine, also after a restart, and other runs any', async () => {
  const world = new QueueInMemory();
  for (const [id, engine] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'y'],
  ] as const) {
    world.attach(id, engine);
  }
  await vi.waitFor(() => {
    expect(Object.keys(world.work)).toHaveLength(3);
  });
  for (const [trial, name] of ['r', 's', 't'].entries()) world.submit(name, { studyId: 'study', trial, ...one });
  await expect.poll(() => world.work).toEqual({ a: '', b: 'r', c: 's' });
  expect(world.queue.describe(runId('t')).reason).toBe(
    'waiting for 1 of 1 trainer: the others are at work for other runs',
  );
  world.submit('single', one);
  expect(world.work).toEqual({ a: 'single', b: 'r', c: 's' });
  await expect.poll(() => world.store.engineOf('study')).toBe('y');

  const later = new QueueInMemory(world.store);
  later.attach('a', 'x');
  await expect.poll(() => later.work).toEqual({ a: 'single' });
  later.queue.cancel(runId('single'), 'enough');
  await expect.poll(() => later.work).toEqual({ a: '' });
  expect(later.queue.describe(runId('t')).reason).toBe(
    'waiting for 1 of 1 trainer: none with the engine that it began on is attached ("y")',
  );
});

test('one trainer that can do nothing costs runs nothing while others are at work: they wait for those', async () => {
  const world = new QueueInMemory();
  const { queue } = world;
  world.attach('a');
  const broken = world.attach('z');
  await expect.poll(() => world.cluster.members.length).toBe(2);
  const busy = world.submit('busy', one);
  const runs = ['r', 's'].map((name, trial) => world.submit(name, { studyId: 'study', trial, ...one }));
  for (const run of runs) {
    await expect.poll(() => world.work['z']).toBe(run);
    broken.fail(run, 'resource-exhausted');
  }
  await expect.poll(() => world.work).toEqual({ a: 'busy', z: '' });
  expect(runs.map((run) => queue.describe(run).state)).toEqual([RunState.RUNNING, RunState.RUNNING]);
  queue.cancel(busy, 'enough');
  await expect.poll(() => world.work).toEqual({ a: 'r', z: '' });
});

test('a run that no trainer can compute fails when the last one has been asked', async () => {
  const world = new QueueInMemory();
  const trainers = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, world.attach(name)]));
  await expect.poll(() => world.cluster.members.length).toBe(3);
  const run = world.submit('r', one);
  for (const name of ['a', 'b', 'c']) {
    await expect.poll(() => world.work[name]).toBe('r');
    expect(world.queue.describe(run).state).toBe(RunState.RUNNING);
    trainers[name]?.fail(run, 'too-large');
  }
  await expect.poll(() => world.queue.describe(run).state).toBe(RunState.FAILED);
  expect(world.queue.describe(run)).toMatchObject({ failureCode: 'too-large', reason: 'trainer c: it cannot' });
});
