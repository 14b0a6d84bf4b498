import { runId } from '@weft/core';
import { create, EpochResultSchema, RunConfigurationSchema, RunState } from '@weft/wire';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredRun } from './run-store.ts';
import { openSqliteRunArchive } from './sqlite-run-archive.ts';
import { makeTables } from './sqlite-run-schema.ts';
import { openSqliteRunStore } from './sqlite-run-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-store-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const id = runId('run-1');
const stored: StoredRun = {
  runId: id,
  configuration: create(RunConfigurationSchema, { batchSize: 128, epochs: 5, seed: 7n, model: { name: 'initial-nn' } }),
  minTrainers: 2,
  startTrainers: 3,
  maxTrainers: 0,
  priority: -2,
  studyId: 's',
  trial: 17,
  transport: 'auto',
  submittedAtSeconds: 1234.5,
  state: RunState.QUEUED,
  reason: 'waiting for its turn',
  generation: 0,
  checkpoint: 0,
  engineFingerprint: '',
  result: undefined,
  failureCode: '',
};
const epoch = create(EpochResultSchema, { epoch: 1, loss: 0.5, validationAccuracy: 0.75, weightsDigest: 'ab' });
const line = (position: number) => ({ position, text: `[${String(position)}]`, digest: `d${String(position)}` });

test('a run, its epochs and its ledger are there again after the store is closed and opened', () => {
  const file = join(directory, 'weft.sqlite');
  const first = openSqliteRunStore(file);
  first.insert(stored);
  first.update(id, { state: RunState.RUNNING, generation: 3, engineFingerprint: 'ort-cpu' });
  first.recordEpoch(id, epoch, 422);
  first.appendLedger(id, [line(0), line(1), line(2)]);
  first.close();
  const second = openSqliteRunStore(file);
  expect(second.find(id)).toEqual({
    ...stored,
    state: RunState.RUNNING,
    generation: 3,
    engineFingerprint: 'ort-cpu',
    checkpoint: 422,
  });
  expect(second.epochs(id)).toEqual([epoch]);
  expect(second.ledgerTail(id)).toEqual(line(2));
  second.close();
});

test('the engine of a study is that of its first trial that has computed', () => {
  const store = openSqliteRunStore(':memory:');
  const trials = ['a', 'b', 'c'].map((name, trial) => ({ ...stored, runId: runId(name), trial }));
  for (const each of trials) store.insert(each);
  store.insert({ ...stored, runId: runId('other'), studyId: 't', engineFingerprint: 'tfjs-cpu' });
  expect(store.engineOf('s')).toBe('');
  store.update(runId('c'), { engineFingerprint: 'ort-cpu z' });
  store.update(runId('b'), { engineFingerprint: 'ort-cpu y' });
  expect([store.engineOf('s'), store.engineOf('t'), store.engineOf('u')]).toEqual(['ort-cpu y', 'tfjs-cpu', '']);
  store.close();
});

test('the ledger loses what lies at a position and after', () => {
  const store = openSqliteRunStore(':memory:');
  store.appendLedger(id, [line(0), line(1), line(2), line(3)]);
  store.truncateLedger(id, 2);
  expect(store.ledgerTail(id)).toEqual(line(1));
  store.appendLedger(id, [line(2)]);
  expect(store.ledgerTail(id)).toEqual(line(2));
  store.close();
});

test('ledger lines are kept all or none', () => {
  const store = openSqliteRunStore(':memory:');
  store.appendLedger(id, [line(0)]);
  expect(() => {
    store.appendLedger(id, [line(1), line(0)]);
  }).toThrow();
  expect(store.ledgerTail(id)).toEqual(line(0));
  store.close();
});

test('a second run with the same id is refused by name', () => {
  const store = openSqliteRunStore(':memory:');
  store.insert(stored);
  expect(() => {
    store.insert(stored);
  }).toThrow(
    expect.objectContaining({ code: 'already-exists', message: expect.stringContaining('store run run-1') as string }),
  );
  store.close();
});

test('a store is open once: a second coordinator is told so', () => {
  const file = join(directory, 'weft.sqlite');
  const first = openSqliteRunStore(file);
  expect(() => openSqliteRunStore(file)).toThrow(/another coordinator uses it/);
  first.close();
}, 10_000);

test('a file that is no database is named', () => {
  const file = join(directory, 'weft.sqlite');
  writeFileSync(file, 'this is no database, but it is long enough to be mistaken for one'.repeat(20));
  const message = expect.stringMatching(/move it away/) as string;
  const damaged: unknown = expect.objectContaining({ code: 'corrupt', message });
  expect(() => openSqliteRunStore(file)).toThrow(damaged);
  expect(() => openSqliteRunArchive(file)).toThrow(damaged);
});

test('a run goes back all at once: later epochs, lines and checkpoints are forgotten, and why is remembered', () => {
  const store = openSqliteRunStore(':memory:');
  store.insert(stored);
  for (const position of [2, 4]) {
    store.recordCheckpoint(id, { position, digest: `c${String(position)}` }, 0);
    store.recordEpoch(id, { ...epoch, epoch: position / 2 }, position);
  }
  store.appendLedger(id, [0, 1, 2, 3, 4].map(line));
  store.goBack(id, { checkpoint: 2, epochs: 1, remark: 'went back' });
  expect(store.find(id)).toEqual({ ...stored, checkpoint: 2, remark: 'went back' });
  expect(store.epochs(id).map((result) => result.epoch)).toEqual([1]);
  expect(store.checkpoints(id)).toEqual([{ position: 2, digest: 'c2' }]);
  expect(store.ledgerLines(id, 1, 10)).toEqual([line(1)]);
  store.close();
});

test('an archive reads what a coordinator that was killed left, and writes nothing', () => {
  const file = join(directory, 'weft.sqlite');
  const killed = openSqliteRunStore(file);
  killed.insert(stored);
  killed.appendLedger(id, [line(0), line(1), line(2)]);
  expect(() => openSqliteRunArchive(file)).toThrow(expect.objectContaining({ code: 'already-exists' }));
  // What the killed process leaves: the file, and the log that nobody has moved into it.
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, join(directory, `left.sqlite${suffix}`));
  killed.close();
  const left = join(directory, 'left.sqlite');
  const before = readFileSync(left);
  const archive = openSqliteRunArchive(left);
  expect(archive.find(id)).toEqual(stored);
  expect(archive.ledgerLines(id, 1, 1)).toEqual([line(1)]);
  archive.close();
  expect(readFileSync(left)).toEqual(before);
});

test('a row that is no message any more is named', () => {
  const file = join(directory, 'weft.sqlite');
  const store = openSqliteRunStore(file);
  store.insert(stored);
  store.recordEpoch(id, epoch, 422);
  store.close();
  const database = new DatabaseSync(file);
  database.exec("UPDATE epochs SET result = '{'");
  database.close();
  const archive = openSqliteRunArchive(file);
  expect(archive.epochs(id, 0)).toEqual([]);
  expect(() => archive.epochs(id)).toThrow(/the store is damaged: an epoch of run run-1 cannot be read/);
  archive.close();
});

test('runs are found by state and by study, and counted, without looking at all of them', () => {
  const store = openSqliteRunStore(':memory:');
  const { QUEUED, RUNNING, FAILED } = RunState;
  const runs = [QUEUED, RUNNING, FAILED, QUEUED, RUNNING].map((state, index) => ({
    ...{ ...stored, state, runId: runId(`r${String(index)}`), trial: index },
    studyId: index % 2 === 0 ? 's' : '',
  }));
  for (const run of runs) store.insert(run);
  const ids = (found: readonly StoredRun[]): string[] => found.map((run) => run.runId);
  expect(ids(store.inState(QUEUED, RUNNING))).toEqual(['r0', 'r1', 'r3', 'r4']);
  expect(store.inState(FAILED)).toEqual([runs[2]]);
  expect(ids(store.single())).toEqual(['r1', 'r3']);
  store.update(runId('r4'), { state: FAILED, failureCode: 'too-large' });
  expect(store.inState(FAILED)[1]).toEqual({ ...runs[4], state: FAILED, failureCode: 'too-large' });
  expect(store.countByState()).toEqual(new Map([...[[QUEUED, 2] as const], [RUNNING, 1], [FAILED, 2]]));
  expect([store.lastIds(2), store.lastIds(9).length, store.submitted()]).toEqual([['r3', 'r4'], 5, 5]);
  store.close();
});

test('an empty store has no runs, and counts none', () => {
  const store = openSqliteRunStore(':memory:');
  expect([store.inState(RunState.QUEUED), store.countByState(), store.lastIds(5), store.submitted()]).toEqual([
    ...[[], new Map(), [], 0],
  ]);
  store.close();
});

test('runs by state are found by an index: their cost does not grow with the runs that are over', () => {
  const database = new DatabaseSync(join(directory, 'plan.sqlite'));
  makeTables(database);
  const plan = database
    .prepare('EXPLAIN QUERY PLAN SELECT * FROM runs WHERE state IN (?, ?) ORDER BY sequence')
    .all(1, 2);
  expect(JSON.stringify(plan)).toContain('runs_by_state');
  database.close();
});
