import { create, RunConfigurationSchema, StudyDefinitionSchema, StudyExecutionSchema, StudyState } from '@weft/wire';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStudyStore } from './sqlite-study-store.ts';
import type { StoredStudy, StoredTrial, StudyRecord, StudyStore } from './study-store.ts';

let directory: string;
let store: StudyStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-studies-'));
  store = openSqliteStudyStore(join(directory, 'studies.sqlite'));
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

const study: StoredStudy = {
  studyId: 'rates',
  definition: create(StudyDefinitionSchema, {
    name: 'rates',
    base: create(RunConfigurationSchema, { batchSize: 128, epochs: 5 }),
    trialSeeds: [1n, 2n],
  }),
  execution: create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 3 }),
  state: StudyState.RUNNING,
  reason: 'submitted',
  submittedAtSeconds: 1234.5,
  seconds: 0,
  costs: { trainerSeconds: 0, usefulSeconds: 0, lostSeconds: 0, examples: 0 },
};
const trial = (number: number): StoredTrial => ({
  trial: number,
  cell: number,
  settings: [
    ['learning-rate', 0.1],
    ['optimizer', 'sgd'],
    ['nesterov', true],
  ],
  seed: 2 ** 47,
  moment: 3,
  reason: 'the next cell of the grid',
  configurationDigest: `d${String(number)}`,
  runId: `rates.${String(number)}`,
});
const records: readonly StudyRecord[] = [
  { kind: 'propose', trial: 0 },
  { kind: 'attempt', trial: 0, attempt: 1 },
  { kind: 'epoch', trial: 0, epoch: 1, loss: -0.75 },
  { kind: 'epoch', trial: 0, epoch: 2, loss: undefined },
  { kind: 'stop', trial: 0, epoch: 2, reason: 'above the median' },
  { kind: 'diverged', trial: 0 },
  { kind: 'complete', trial: 0 },
  { kind: 'excused', trial: 0, reason: 'out of memory' },
  { kind: 'retried', trial: 0, counts: false },
  { kind: 'retried', trial: 0, counts: true },
  { kind: 'closed', reason: 'its time is over' },
  { kind: 'extended', moreCells: true },
  { kind: 'extended', moreCells: false },
  { kind: 'end', reason: 'every trial is over' },
];

const costs = { trainerSeconds: 8.5, usefulSeconds: 6, lostSeconds: 1, examples: 54_000 };

test('a study, its trials and everything recorded are there again, in order, after the store is closed and opened', () => {
  store.insert(study);
  store.append('rates', [trial(0)], records.slice(0, 4));
  store.append('rates', [trial(1)], records.slice(4));
  store.update('rates', { state: StudyState.PAUSED, reason: 'paused', seconds: 7.5, costs });
  store.close();
  store = openSqliteStudyStore(join(directory, 'studies.sqlite'));
  expect(store.find('rates')).toEqual({ ...study, state: StudyState.PAUSED, reason: 'paused', seconds: 7.5, costs });
  expect(store.all()).toHaveLength(1);
  expect(store.trials('rates')).toEqual([trial(0), trial(1)]);
  expect(store.records('rates')).toEqual(records);
});

test('a finite loss comes back to the bit, but for the sign of zero', () => {
  store.insert(study);
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (losses) => {
      store.restart('rates', {});
      const all = [0, -0, ...losses];
      store.append(
        'rates',
        [],
        all.map((loss) => ({ kind: 'epoch', trial: 0, epoch: 1, loss })),
      );
      const read = store.records('rates').map((record) => (record.kind === 'epoch' ? record.loss : undefined));
      expect(read).toEqual(all.map((loss) => 0 + loss));
    }),
  );
});

test('trials, records and changes of one call are stored together or not at all', () => {
  store.insert(study);
  store.append('rates', [trial(0)], []);
  expect(() => {
    store.append('rates', [trial(1), trial(0)], [{ kind: 'propose', trial: 1 }], { reason: 'extended' });
  }).toThrow('UNIQUE constraint failed: trials.study_id');
  expect(store.find('rates')).toEqual(study);
  expect(store.trials('rates')).toEqual([trial(0)]);
  expect(store.records('rates')).toEqual([]);
});

test('a restarted study has its new definition and nothing else, and other studies keep theirs', () => {
  for (const studyId of ['rates', 'others']) {
    store.insert({ ...study, studyId });
    store.append(studyId, [trial(0)], records);
  }
  const definition = create(StudyDefinitionSchema, { ...study.definition, trialSeeds: [3n] });
  store.restart('rates', { definition });
  expect(store.trials('rates')).toEqual([]);
  expect(store.records('rates')).toEqual([]);
  expect(store.find('rates')).toEqual({ ...study, definition });
  expect(store.records('others')).toEqual(records);
});

test('a taken id is refused by name, and a study that is not there is not found', () => {
  store.insert(study);
  expect(() => {
    store.insert(study);
  }).toThrow('a study rates exists; choose another id, or resume that study');
  expect(store.find('none')).toBeUndefined();
});

test('a second coordinator, and a file of another version, are named with the file', () => {
  const file = join(directory, 'studies.sqlite');
  expect(() => openSqliteStudyStore(file)).toThrow('another coordinator uses it');
  const other = join(directory, 'other.sqlite');
  const database = new DatabaseSync(other);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openSqliteStudyStore(other)).toThrow(/other\.sqlite has version 99, this version reads 1/);
});
