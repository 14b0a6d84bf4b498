import { runId, WeftError } from '@weft/core';
import { create, ModelSchema, ParameterSchema, StudyState, TrialState } from '@weft/wire';
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

test('a study that is begun again after every few epochs has the table of one that was not', () => {
  world.submit('asha', 40);
  world.turns();
  const undisturbed = world.table;
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { missing: 0, running: 0, waiting: 0 } });
  world.remove();
  world = new StudiesInFolder(3);
  world.submit('asha', 40);
  for (let count = 0; world.now.state === StudyState.RUNNING && count < 1000; count++) {
    world.turns(3);
    world.restart();
  }
  expect(world.table).toBe(undisturbed);
});

test('a paused study has no runs on; resumed, it ends with the table of one that was not paused', () => {
  world.submit('grid', 36);
  world.turns(4);
  expect(world.studies.pause(id)).toMatchObject({ state: StudyState.PAUSED, counts: { running: 0 } });
  expect(world.runner.turn()).toBe(false);
  world.restart();
  expect(world.now.state).toBe(StudyState.PAUSED);
  world.studies.resume(id);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 36, missing: 0, planned: 36 } });
  expect(() => world.studies.pause(id)).toThrow(/study study is finished .*: it cannot be paused/);
});

test('a study that is begun again and again records each result once', () => {
  world.submit('grid', 16);
  world.turns(4);
  const recorded = world.store.records(id).length;
  world.restart();
  world.restart();
  expect(world.store.records(id)).toHaveLength(recorded);
});

test('a cancelled study excuses what has no result, and each excused trial can be tried again', () => {
  world.submit('grid', 16);
  world.turns(8);
  const cancelled = world.studies.cancel(id, 'enough of it');
  const done = cancelled.counts?.complete ?? 0;
  expect(cancelled).toMatchObject({ state: StudyState.CANCELLED, counts: { excused: 16 - done, missing: 0 } });
  expect(world.trials.filter(({ reason }) => reason === 'enough of it')).toHaveLength(16 - done);
  expect(() => world.studies.retry(id, [0])).toThrow('trials 0 of study study are not excused');
  world.studies.retry(id, []);
  world.restart();
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16, excused: 0 } });
});

test('a run that fails outside itself is tried again, one that is too large is excused with the reason', () => {
  world.submit('grid', 9);
  world.runner.failNext(`${id}.3`, { kind: 'failed', code: 'unavailable', reason: 'its trainers are gone' });
  world.runner.failNext(`${id}.5`, { kind: 'failed', code: 'resource-exhausted', reason: 'no memory for 16 GB' });
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 8, excused: 1, missing: 0 } });
  expect(world.trials[3]).toMatchObject({ attempts: 2, epochs: { length: 5 } });
  expect(world.trials[5]?.reason).toBe('out of memory or disk at this size: no memory for 16 GB');
});

test('a trial that is tried again on request has its attempts anew, also after a restart', () => {
  world.submit('grid', 4);
  for (const code of ['resource-exhausted', 'unavailable'] as const) {
    world.runner.failNext(`${id}.1`, { kind: 'failed', code, reason: 'no luck' });
    if (code === 'unavailable') world.studies.retry(id, [1]);
    world.restart();
    world.turns();
  }
  expect(world.trials[1]).toMatchObject({ state: TrialState.COMPLETE, attempts: 3 });
});

test('a trial counts by its best epoch, whatever is not finite', () => {
  const definition = syntheticDefinition('grid', 4);
  if (definition.objective !== undefined) definition.objective.bestEpoch = true;
  const accuracies = [NaN, 0.5, NaN, 0.4, 0.3];
  world.runner.accuracyOf = (_, epoch) => accuracies[epoch - 1] ?? 0;
  world.studies.submit(id, definition, execution);
  world.turns();
  expect(world.trials.map(({ value }) => value)).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test.each([true, false])('an objective of zero is the same zero after a restart: by the best epoch %s', (bestEpoch) => {
  const definition = syntheticDefinition('grid', 4);
  if (definition.objective !== undefined) definition.objective.bestEpoch = bestEpoch;
  world.runner.accuracyOf = () => 0;
  world.studies.submit(id, definition, execution);
  world.turns(2);
  world.restart();
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 4 } });
  expect(world.trials.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
});

test('trials of equal configurations share one run, and each has its results', () => {
  const definition = syntheticDefinition('grid', 4);
  // What a model is called decides no bits.
  const topologyJson = definition.base?.model?.topologyJson ?? '';
  const loss = 'meanSquaredError';
  definition.models = ['one', 'other'].map((name) => create(ModelSchema, { name, topologyJson, loss }));
  const values = definition.models.map(({ name: value }) => ({ value: { case: 'text' as const, value } }));
  definition.parameters.push(create(ParameterSchema, { name: 'model', range: { case: 'choices', value: { values } } }));
  world.studies.submit(id, definition, execution);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 8 } });
  const trials = world.trials;
  expect(new Set(trials.map(({ runId }) => runId)).size).toBe(4);
  for (const [number, trial] of trials.entries()) {
    const twin = trials.find(({ trial: other, runId }) => other !== number && runId === trial.runId);
    expect(twin?.value).toBe(trial.value);
    expect(trial.value).toBeGreaterThan(0);
  }
});

test('what a run of a study that is not on comes to waits until it is, also after a restart', async () => {
  world.submit('grid', 16);
  world.turns(4);
  world.studies.pause(id);
  world.restart();
  expect(await world.studies.all()).toMatchObject([{ state: StudyState.PAUSED }]);
  expect(world.studies.find(id).isOn).toBe(false);
  world.studies.listener.ended(runId(`${id}.0`), id, { kind: 'cancelled', reason: 'by hand' });
  expect(world.runner.turn()).toBe(false);
  world.studies.resume(id);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16, excused: 0 } });
});

test('runs that a study had done with when its coordinator stopped are ended by the next one', () => {
  world.submit('grid', 16);
  world.turns(2);
  // As if it had stopped between writing that down and ending the runs.
  world.store.update(id, { state: StudyState.PAUSED });
  world.restart();
  expect(world.runner.open()).toEqual([]);
  world.studies.resume(id);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16 } });
});

test('a study whose excused trials are tried again goes on where it was paused; one that has none is left alone', () => {
  world.submit('grid', 16);
  expect(() => world.studies.retry(id, [])).toThrow('study study has no excused trials');
  world.runner.failNext(`${id}.0`, { kind: 'failed', code: 'resource-exhausted', reason: 'no memory' });
  world.turns(3);
  world.studies.pause(id);
  expect(world.studies.retry(id, [])).toMatchObject({ state: StudyState.RUNNING });
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16 } });
  expect(() => world.studies.retry(id, [])).toThrow('study study has no excused trials');
  expect(world.now.state).toBe(StudyState.FINISHED);
});

test('a study that cannot be stored ends the coordinator, and the next one goes on as if nothing had been decided', () => {
  world.submit('asha', 40);
  world.turns();
  const undisturbed = world.table;
  world.remove();
  let isFull = false;
  world = new StudiesInFolder(4, (store) => ({
    append: (...appended) => {
      if (!isFull && store.records(id).length > 50) {
        isFull = true;
        throw new WeftError('resource-exhausted', 'the disk is full');
      }
      store.append(...appended);
    },
  }));
  expect(() => {
    world.submit('asha', 40);
    world.turns();
  }).toThrow('the disk is full');
  expect(world.failure).toMatchObject({ code: 'resource-exhausted' });
  const stored = world.store.records(id);
  // Though there is room again: a record with a hole in it would be of no use.
  world.turns(2);
  expect(world.store.records(id)).toEqual(stored);
  world.restart();
  world.turns();
  expect(world.table).toBe(undisturbed);
});

test('a run with the name of a trial that belongs to nobody or to another study is not taken for it', () => {
  world.studies.submit(`${id}.1`, syntheticDefinition('grid', 4), execution);
  const { configuration } = world.runner.find(runId(`${id}.1.0`)) ?? {};
  if (configuration === undefined) throw new Error('the first trial has no run');
  world.runner.submit({ runId: runId(`${id}.0`), configuration, studyId: '', trial: 0, execution });
  world.submit('grid', 4);
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 4 } });
  expect(world.trials[0]?.runId).toMatch(/^study\.0\.[0-9a-f]{8}$/);
});

test('why a trial diverged is known after a restart too', () => {
  world.submit('grid', 4);
  world.runner.failNext(`${id}.2`, { kind: 'diverged', reason: 'NaN in epoch 2, step 3' });
  world.turns();
  world.restart();
  expect(world.trials[2]).toMatchObject({ state: TrialState.DIVERGED, reason: 'NaN in epoch 2, step 3' });
});

test('a listed study is as it stands, whether it was asked for or not', async () => {
  world.submit('grid', 4);
  world.turns();
  world.reopen();
  const finished = { state: StudyState.FINISHED, counts: { complete: 4 } };
  for (let time = 0; time < 2; time++) expect(await world.studies.all()).toMatchObject([finished]);
  world.studies.extend(id, { moreCells: 0, moreTrialSeeds: [7n], epochs: 0 });
  expect(await world.studies.all()).toMatchObject([{ state: StudyState.RUNNING, counts: { complete: 4 } }]);
  world.turns();
  expect(await world.studies.all()).toMatchObject([{ ...finished, counts: { complete: 8 } }]);
});

test('wrong commands say which study, which value and which rule, all at once', () => {
  expect(() => world.studies.find('none')).toThrow('study none does not exist; there are no studies');
  world.submit('grid', 4);
  expect(() => world.studies.extend(id, { moreCells: 3, moreTrialSeeds: [1n], epochs: 2 })).toThrow(
    /more_cells: 3 .*\n.*epochs: 2 must be above 5\n.*more_trial_seeds: 1 are in the study already/,
  );
  expect(() => world.submit('grid', 4)).toThrow('a study study exists');
  expect(() => world.studies.submit('A b', undefined, undefined)).toThrow(
    /study_id: "A b" must be[^]*definition: is missing/,
  );
});
