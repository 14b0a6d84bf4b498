import { Studies, StudyFeed } from '@weft/coordinator';
import { runId, WeftError } from '@weft/core';
import { openSqliteStudyStore, type StudyStore } from '@weft/store';
import {
  create,
  ModelSchema,
  ParameterSchema,
  StudyExecutionSchema,
  StudyState,
  TrialState,
  type Study,
  type Trial,
} from '@weft/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resultTable } from '@weft/studies';
import { silentLogger, syntheticDefinition } from './study-cost.ts';
import { SyntheticRunner } from './synthetic-runner.ts';

const id = 'study';
let directory: string;
let runner: SyntheticRunner;
let studies: Studies;
let store: StudyStore;
let failure: WeftError | undefined;

/** A coordinator's part for studies, over the runs that there are; `change` is what is other about its store. */
function open(change: Partial<StudyStore> = {}): void {
  store = openSqliteStudyStore(join(directory, 'studies.sqlite'));
  const fail = (error: WeftError): void => {
    failure = error;
  };
  const parts = { runner, feed: new StudyFeed(), log: silentLogger(), wallSeconds: () => 1000, fail };
  studies = new Studies({ ...parts, store: { ...store, ...change } });
  runner.listener = studies.listener;
}

function close(): void {
  store.close();
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-studies-'));
  runner = new SyntheticRunner(4);
  open();
});
afterEach(() => {
  close();
  rmSync(directory, { recursive: true });
});

const execution = create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2 });
const submit = (kind: 'grid' | 'random' | 'asha' | 'tpe', trials: number): Study =>
  studies.submit(id, syntheticDefinition(kind, trials), execution);
const now = (): Study => studies.find(id).view.study(false);

function trialsNow(): Trial[] {
  const { view } = studies.find(id);
  return Array.from({ length: view.trialCount }, (_, trial) => view.trial(trial));
}

function turns(count = 100_000): void {
  for (let turn = 0; turn < count; turn++) if (!runner.turn()) return;
}

const table = (): string => resultTable(studies.find(id).study.definition, trialsNow());

function restart(): void {
  close();
  open();
  studies.begin(true);
}

test('a study that is begun again after every few epochs has the table of one that was not', () => {
  submit('asha', 40);
  turns();
  const undisturbed = table();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { missing: 0, running: 0, waiting: 0 } });
  close();
  rmSync(directory, { recursive: true });
  directory = mkdtempSync(join(tmpdir(), 'weft-studies-'));
  runner = new SyntheticRunner(3);
  open();
  submit('asha', 40);
  for (let count = 0; now().state === StudyState.RUNNING && count < 1000; count++) {
    turns(3);
    restart();
  }
  expect(table()).toBe(undisturbed);
});

test('a paused study has no runs on; resumed, it ends with the table of one that was not paused', () => {
  submit('grid', 36);
  turns(4);
  expect(studies.pause(id)).toMatchObject({ state: StudyState.PAUSED, counts: { running: 0 } });
  expect(runner.turn()).toBe(false);
  restart();
  expect(now().state).toBe(StudyState.PAUSED);
  studies.resume(id);
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 36, missing: 0, planned: 36 } });
  expect(() => studies.pause(id)).toThrow(/study study is finished .*: it cannot be paused/);
});

test('a study that is begun again and again records each result once', () => {
  submit('grid', 16);
  turns(4);
  const recorded = store.records(id).length;
  restart();
  restart();
  expect(store.records(id)).toHaveLength(recorded);
});

test('a cancelled study excuses what has no result, and each excused trial can be tried again', () => {
  submit('grid', 16);
  turns(8);
  const cancelled = studies.cancel(id, 'enough of it');
  const done = cancelled.counts?.complete ?? 0;
  expect(cancelled).toMatchObject({ state: StudyState.CANCELLED, counts: { excused: 16 - done, missing: 0 } });
  expect(trialsNow().filter(({ reason }) => reason === 'enough of it')).toHaveLength(16 - done);
  expect(() => studies.retry(id, [0])).toThrow('trials 0 of study study are not excused');
  studies.retry(id, []);
  restart();
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16, excused: 0 } });
});

test('a run that fails outside itself is tried again, one that is too large is excused with the reason', () => {
  submit('grid', 9);
  runner.failNext(`${id}.3`, { kind: 'failed', code: 'unavailable', reason: 'its trainers are gone' });
  runner.failNext(`${id}.5`, { kind: 'failed', code: 'resource-exhausted', reason: 'no memory for 16 GB' });
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 8, excused: 1, missing: 0 } });
  expect(trialsNow()[3]).toMatchObject({ attempts: 2, epochs: { length: 5 } });
  expect(trialsNow()[5]?.reason).toBe('out of memory or disk at this size: no memory for 16 GB');
});

test('a trial that is tried again on request has its attempts anew, also after a restart', () => {
  submit('grid', 4);
  for (const code of ['resource-exhausted', 'unavailable'] as const) {
    runner.failNext(`${id}.1`, { kind: 'failed', code, reason: 'no luck' });
    if (code === 'unavailable') studies.retry(id, [1]);
    restart();
    turns();
  }
  expect(trialsNow()[1]).toMatchObject({ state: TrialState.COMPLETE, attempts: 3 });
});

test('a trial counts by its best epoch, whatever is not finite', () => {
  const definition = syntheticDefinition('grid', 4);
  if (definition.objective !== undefined) definition.objective.bestEpoch = true;
  const accuracies = [NaN, 0.5, NaN, 0.4, 0.3];
  runner.accuracyOf = (_, epoch) => accuracies[epoch - 1] ?? 0;
  studies.submit(id, definition, execution);
  turns();
  expect(trialsNow().map(({ value }) => value)).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test('a study that gets more cells or more seeds goes on, and is the larger study from then on', () => {
  submit('random', 10);
  turns();
  studies.extend(id, { moreCells: 5, moreTrialSeeds: [], epochs: 0 });
  turns();
  studies.extend(id, { moreCells: 0, moreTrialSeeds: [7n], epochs: 0 });
  restart();
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 30, planned: 30, missing: 0 } });
  expect(new Set(trialsNow().map(({ configurationDigest }) => configurationDigest)).size).toBe(30);
  expect(trialsNow().filter(({ seed }) => seed === 7n)).toHaveLength(15);
});

test('a study that gets more epochs has the table of one that had them from the start', () => {
  const longer = syntheticDefinition('asha', 12);
  if (longer.base !== undefined) longer.base.epochs = 9;
  studies.submit('longer', longer, execution);
  submit('asha', 12);
  turns();
  studies.extend(id, { moreCells: 0, moreTrialSeeds: [], epochs: 9 });
  turns();
  const { view } = studies.find('longer');
  const trials = Array.from({ length: view.trialCount }, (_, trial) => view.trial(trial));
  expect(table()).toBe(resultTable(longer, trials));
});

test('trials of equal configurations share one run, and each has its results', () => {
  const definition = syntheticDefinition('grid', 4);
  // What a model is called decides no bits.
  const topologyJson = definition.base?.model?.topologyJson ?? '';
  const loss = 'meanSquaredError';
  definition.models = ['one', 'other'].map((name) => create(ModelSchema, { name, topologyJson, loss }));
  const values = definition.models.map(({ name: value }) => ({ value: { case: 'text' as const, value } }));
  definition.parameters.push(create(ParameterSchema, { name: 'model', range: { case: 'choices', value: { values } } }));
  studies.submit(id, definition, execution);
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 8 } });
  const trials = trialsNow();
  expect(new Set(trials.map(({ runId }) => runId)).size).toBe(4);
  for (const [number, trial] of trials.entries()) {
    const twin = trials.find(({ trial: other, runId }) => other !== number && runId === trial.runId);
    expect(twin?.value).toBe(trial.value);
    expect(trial.value).toBeGreaterThan(0);
  }
});

test('what a run of a study that is not on comes to waits until it is, also after a restart', async () => {
  submit('grid', 16);
  turns(4);
  studies.pause(id);
  close();
  open();
  studies.begin(true);
  expect(await studies.all()).toMatchObject([{ state: StudyState.PAUSED }]);
  expect(studies.find(id).isOn).toBe(false);
  studies.listener.ended(runId(`${id}.0`), id, { kind: 'cancelled', reason: 'by hand' });
  expect(runner.turn()).toBe(false);
  studies.resume(id);
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16, excused: 0 } });
});

test('runs that a study had done with when its coordinator stopped are ended by the next one', () => {
  submit('grid', 16);
  turns(2);
  // As if it had stopped between writing that down and ending the runs.
  store.update(id, { state: StudyState.PAUSED });
  close();
  open();
  studies.begin(true);
  expect(runner.open()).toEqual([]);
  studies.resume(id);
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16 } });
});

test('a study whose excused trials are tried again goes on where it was paused; one that has none is left alone', () => {
  submit('grid', 16);
  expect(() => studies.retry(id, [])).toThrow('study study has no excused trials');
  runner.failNext(`${id}.0`, { kind: 'failed', code: 'resource-exhausted', reason: 'no memory' });
  turns(3);
  studies.pause(id);
  expect(studies.retry(id, [])).toMatchObject({ state: StudyState.RUNNING });
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 16 } });
  expect(() => studies.retry(id, [])).toThrow('study study has no excused trials');
  expect(now().state).toBe(StudyState.FINISHED);
});

test('a study whose time is over is closed once, and what was proposed goes on', () => {
  studies.submit(
    id,
    syntheticDefinition('random', 200),
    create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2, maxSeconds: 2 }),
  );
  for (let second = 0; second < 10; second++) studies.tick(1);
  turns();
  expect(store.records(id).filter(({ kind }) => kind === 'closed')).toEqual([
    { kind: 'closed', reason: 'its 2 s are over' },
  ]);
  expect(now()).toMatchObject({ state: StudyState.FINISHED, reason: 'its 2 s are over', counts: { missing: 0 } });
});

test('a study that cannot be stored ends the coordinator, and the next one goes on as if nothing had been decided', () => {
  submit('asha', 40);
  turns();
  const undisturbed = table();
  close();
  rmSync(directory, { recursive: true });
  directory = mkdtempSync(join(tmpdir(), 'weft-studies-'));
  runner = new SyntheticRunner(4);
  let isFull = false;
  open({
    append: (...appended) => {
      if (!isFull && store.records(id).length > 50) {
        isFull = true;
        throw new WeftError('resource-exhausted', 'the disk is full');
      }
      store.append(...appended);
    },
  });
  expect(() => {
    submit('asha', 40);
    turns();
  }).toThrow('the disk is full');
  expect(failure).toMatchObject({ code: 'resource-exhausted' });
  const stored = store.records(id);
  // Though there is room again: a record with a hole in it would be of no use.
  turns(2);
  expect(store.records(id)).toEqual(stored);
  restart();
  turns();
  expect(table()).toBe(undisturbed);
});

test('a run with the name of a trial that belongs to nobody or to another study is not taken for it', () => {
  studies.submit(`${id}.1`, syntheticDefinition('grid', 4), execution);
  const { configuration } = runner.find(runId(`${id}.1.0`)) ?? {};
  if (configuration === undefined) throw new Error('the first trial has no run');
  runner.submit({ runId: runId(`${id}.0`), configuration, studyId: '', trial: 0, execution });
  submit('grid', 4);
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 4 } });
  expect(trialsNow()[0]?.runId).toMatch(/^study\.0\.[0-9a-f]{8}$/);
});

test('why a trial diverged is known after a restart too', () => {
  submit('grid', 4);
  runner.failNext(`${id}.2`, { kind: 'diverged', reason: 'NaN in epoch 2, step 3' });
  turns();
  restart();
  expect(trialsNow()[2]).toMatchObject({ state: TrialState.DIVERGED, reason: 'NaN in epoch 2, step 3' });
});

test('a listed study is as it stands, whether it was asked for or not', async () => {
  submit('grid', 4);
  turns();
  close();
  open();
  const finished = { state: StudyState.FINISHED, counts: { complete: 4 } };
  for (let time = 0; time < 2; time++) expect(await studies.all()).toMatchObject([finished]);
  studies.extend(id, { moreCells: 0, moreTrialSeeds: [7n], epochs: 0 });
  expect(await studies.all()).toMatchObject([{ state: StudyState.RUNNING, counts: { complete: 4 } }]);
  turns();
  expect(await studies.all()).toMatchObject([{ ...finished, counts: { complete: 8 } }]);
});

test('a study that a coordinator cannot execute fails by name; others go on', async () => {
  submit('random', 10);
  turns(3);
  const { definition } = studies.find(id).study;
  studies.submit('other', syntheticDefinition('grid', 4), execution);
  // As a coordinator of a later version has left it.
  store.update(id, { definition: { ...definition, sampler: { ...definition.sampler, name: 'oracle' } as never } });
  restart();
  turns();
  const failed = {
    studyId: id,
    state: StudyState.FAILED,
    reason: expect.stringContaining('sampler "oracle"') as string,
  };
  expect(await studies.all()).toMatchObject([failed, { studyId: 'other', state: StudyState.FINISHED }]);
  expect(() => studies.find(id)).toThrow(/study study cannot be read: sampler "oracle" must be one of grid/);
  restart();
  expect(await studies.all()).toMatchObject([failed, {}]);
  store.update(id, { definition });
  restart();
  expect(studies.resume(id)).toMatchObject({ state: StudyState.RUNNING });
  turns();
  expect(now()).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 10, missing: 0 } });
});

test('a study whose trials are none any more has failed, and keeps its results', () => {
  submit('grid', 4);
  turns(3);
  const { definition } = studies.find(id).study;
  const { base } = definition;
  if (base !== undefined) store.update(id, { definition: { ...definition, base: { ...base, chunkSize: 100_000 } } });
  restart();
  const reason = expect.stringMatching(/^it cannot be executed: chunk_size: 100000 must be/) as string;
  expect(now()).toMatchObject({ state: StudyState.FAILED, reason, counts: { waiting: 4 } });
  expect(runner.open()).toEqual([]);
  expect(trialsNow()[0]?.epochs).toHaveLength(3);
  expect(() => studies.resume(id)).toThrow(/study study cannot be executed:\n {2}chunk_size: 100000/);
  expect(() => studies.retry(id, [])).toThrow(/no excused trials/);
});

test('wrong commands say which study, which value and which rule, all at once', () => {
  expect(() => studies.find('none')).toThrow('study none does not exist; there are no studies');
  submit('grid', 4);
  expect(() => studies.extend(id, { moreCells: 3, moreTrialSeeds: [1n], epochs: 2 })).toThrow(
    /more_cells: 3 .*\n.*epochs: 2 must be above 5\n.*more_trial_seeds: 1 are in the study already/,
  );
  expect(() => submit('grid', 4)).toThrow('a study study exists');
  expect(() => studies.submit('A b', undefined, undefined)).toThrow(
    /study_id: "A b" must be[^]*definition: is missing/,
  );
});
