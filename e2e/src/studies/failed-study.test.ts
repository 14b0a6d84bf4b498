import { WeftError } from '@weft/core';
import { StudyState } from '@weft/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { execution, id, StudiesInFolder } from './studies-in-folder.ts';
import { syntheticDefinition } from './study-cost.ts';

let world: StudiesInFolder;
beforeEach(() => {
  world = new StudiesInFolder();
});
afterEach(() => {
  world.remove();
});

const other = 'other';
const moreSeeds = { moreCells: 0, moreTrialSeeds: [7n], epochs: 0 };
const finished = { studyId: other, state: StudyState.FINISHED, counts: { complete: 4, missing: 0 } };

/** Two studies, both on. */
function submitTwo(): void {
  world.submit('grid', 9);
  world.studies.submit(other, syntheticDefinition('grid', 4), execution);
  world.turns(2);
}

/** A run tells another result than it told before: the study remembers the first. */
function change(accuracy: number): () => void {
  const [first] = world.trials;
  const [epoch] = first?.epochs ?? [];
  if (epoch === undefined) throw new Error('the first trial has no epochs');
  const before = epoch.validationAccuracy;
  epoch.validationAccuracy = accuracy;
  return () => {
    epoch.validationAccuracy = before;
  };
}

test('a study whose results are not those that it remembers fails with the reason, and the others go on', async () => {
  submitTwo();
  const changeBack = change(0.123);
  const reason = /^it cannot go on: invariant violated: trial 0 epoch 1 has loss -0\.123, but had -/;
  const failed = { studyId: id, state: StudyState.FAILED, reason: expect.stringMatching(reason) as string };
  world.restart();
  expect(world.errors).toEqual([expect.stringContaining('study failed: it cannot go on: invariant violated: trial 0')]);
  expect(world.runner.open().filter(({ studyId }) => studyId === id)).toEqual([]);
  world.turns();
  expect(await world.studies.all()).toMatchObject([{ ...failed, counts: { waiting: 9 } }, finished]);
  for (const command of [() => world.studies.resume(id), () => world.studies.extend(id, moreSeeds)]) {
    expect(command).toThrow('study study has failed: it cannot go on: invariant violated: trial 0 epoch 1');
    expect(world.now).toMatchObject(failed);
    expect(world.runner.open()).toEqual([]);
  }
  expect(world.failure).toBeUndefined();
  changeBack();
  world.studies.resume(id);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 18, missing: 0 } });
});

test('a study that cannot be put together again fails with the reason, and is listed without its trials', async () => {
  submitTwo();
  world.store.append(id, [], [{ kind: 'propose', trial: 9 }]);
  world.restart();
  world.turns();
  const reason = 'it cannot go on: invariant violated: trial 9 is missing in the store';
  const failed = { studyId: id, state: StudyState.FAILED, reason };
  for (let time = 0; time < 2; time++) expect(await world.studies.all()).toMatchObject([failed, finished]);
  expect(world.errors).toEqual([
    expect.stringContaining(`study failed: ${reason}`),
    expect.stringContaining('the trials of a study cannot be read'),
  ]);
  expect(() => world.studies.find(id)).toThrow('trial 9 is missing in the store');
});

test('a paused study that turns out not to hold when it is resumed fails, and the coordinator goes on', () => {
  submitTwo();
  world.studies.pause(id);
  change(0.123);
  expect(() => world.studies.resume(id)).toThrow('study study has failed: it cannot go on: invariant violated');
  expect(world.now.state).toBe(StudyState.FAILED);
  world.turns();
  expect(world.studies.find(other).view.study(false)).toMatchObject(finished);
  expect(world.failure).toBeUndefined();
});

test('a disk that refuses is no fault of the study: the coordinator ends, and the next one goes on with it', () => {
  let isFull = false;
  world.remove();
  world = new StudiesInFolder(4, (store) => ({
    append: (...appended) => {
      if (isFull) throw new WeftError('resource-exhausted', 'the disk is full');
      store.append(...appended);
    },
  }));
  submitTwo();
  world.runner.listener = undefined;
  world.turns(2);
  isFull = true;
  expect(() => {
    world.restart();
  }).toThrow('the disk is full');
  expect(world.failure).toMatchObject({ code: 'resource-exhausted' });
  isFull = false;
  world.restart();
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 9, missing: 0 } });
});
