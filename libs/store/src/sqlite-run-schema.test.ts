import { runId } from '@weft/core';
import { RunState } from '@weft/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everyTrainer } from './run-store.ts';
import { openSqliteRunArchive } from './sqlite-run-archive.ts';
import { openSqliteRunStore } from './sqlite-run-store.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-store-'));
  file = join(directory, 'weft.sqlite');
  const database = new DatabaseSync(file);
  database.exec(version2);
  database.close();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What version 2 left: two runs, with all that belongs to the first. */
const version2 = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, configuration TEXT NOT NULL,
    min_trainers INTEGER NOT NULL, start_trainers INTEGER NOT NULL, transport TEXT NOT NULL, submitted_at REAL NOT NULL,
    state INTEGER NOT NULL, reason TEXT NOT NULL, generation INTEGER NOT NULL, checkpoint INTEGER NOT NULL,
    engine_fingerprint TEXT NOT NULL, result TEXT, remark TEXT
  ) STRICT;
  CREATE TABLE checkpoints (
    run_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE epochs (
    run_id TEXT NOT NULL, epoch INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (run_id, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger (
    run_id TEXT NOT NULL, position INTEGER NOT NULL, line TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (run_id, position)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO runs VALUES (1, 'old', '{"epochs":2}', 2, 3, 'star', 9.5, 2, 'training', 4, 22, 'ort-cpu', NULL, 'went back');
  INSERT INTO runs VALUES (2, 'older', '{}', 1, 1, 'auto', 10, 1, '', 0, 0, '', NULL, NULL);
  INSERT INTO checkpoints VALUES ('old', 22, 'c22');
  INSERT INTO epochs VALUES ('old', 1, '{"epoch":1,"loss":0.5}');
  INSERT INTO ledger VALUES ('old', 0, '[0]', 'd0');
  PRAGMA user_version = 2;
`;
const old = runId('old');
const asStored = {
  ...{ runId: 'old', minTrainers: 2, startTrainers: 3, transport: 'star', submittedAtSeconds: 9.5 },
  ...{ state: RunState.RUNNING, reason: 'training', generation: 4, checkpoint: 22, engineFingerprint: 'ort-cpu' },
  ...{ maxTrainers: everyTrainer, priority: 0, studyId: '', trial: 0, failureCode: '', remark: 'went back' },
};

test('a store of version 2 is brought up to date in place, once, and loses nothing', () => {
  for (let opened = 0; opened < 2; opened++) {
    const store = openSqliteRunStore(file);
    expect(store.find(old)).toMatchObject(asStored);
    expect(store.all().map((run) => run.runId)).toEqual(['old', 'older']);
    expect(store.epochs(old)).toMatchObject([{ epoch: 1, loss: 0.5 }]);
    expect(store.checkpoints(old)).toEqual([{ position: 22, digest: 'c22' }]);
    expect(store.ledgerTail(old)).toEqual({ position: 0, text: '[0]', digest: 'd0' });
    expect(store.submitted()).toBe(2);
    store.update(old, { maxTrainers: everyTrainer });
    store.close();
  }
});

test('an archive reads a store of version 2 as it is', () => {
  const archive = openSqliteRunArchive(file);
  expect(archive.find(old)).toMatchObject(asStored);
  archive.close();
  const database = new DatabaseSync(file);
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  database.close();
});

test.each([1, 4])('a store of version %i is refused, with the versions that are read', (version) => {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${String(version)}`);
  database.close();
  for (const open of [openSqliteRunStore, openSqliteRunArchive]) {
    expect(() => open(file)).toThrow(
      new RegExp(`has schema version ${String(version)}, this version reads 2 and 3; use another --state-dir`),
    );
  }
});
