import { runId } from '@weft/core';
import { create, EpochResultSchema, RunConfigurationSchema, RunState } from '@weft/wire';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredRun } from './run-store.ts';
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
  submittedAtSeconds: 1234.5,
  state: RunState.QUEUED,
  reason: 'waiting for its turn',
  generation: 0,
  checkpoint: 0,
  engineFingerprint: '',
  result: undefined,
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
  expect(() => openSqliteRunStore(file)).toThrow(expect.objectContaining({ code: 'corrupt' }));
});
