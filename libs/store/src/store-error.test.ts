import { invariant, runId, WeftError } from '@weft/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteRunStore } from './sqlite-run-store.ts';
import { attempt } from './store-error.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-store-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What is thrown on where `action` is tried on a store of one table. */
function thrownBy(action: (database: DatabaseSync) => unknown): unknown {
  const database = new DatabaseSync(join(directory, 'weft.sqlite'));
  database.exec('CREATE TABLE runs (run_id TEXT PRIMARY KEY, bytes ANY) STRICT');
  try {
    return attempt('cannot do it', () => action(database));
  } catch (thrown) {
    return thrown;
  } finally {
    if (database.isOpen) database.close();
  }
}

test.each<[string, (database: DatabaseSync) => unknown, string, RegExp]>([
  [
    'a full disk',
    (database) => {
      database.exec('PRAGMA max_page_count = 3');
      database.exec("INSERT INTO runs VALUES ('a', zeroblob(100000))");
    },
    'resource-exhausted',
    /^cannot do it: database or disk is full; free some space and resume$/,
  ],
  [
    'a file that is not to be written',
    (database) => {
      database.exec('PRAGMA query_only = 1');
      database.exec("INSERT INTO runs VALUES ('a', 2)");
    },
    'unavailable',
    /^cannot do it: attempt to write a readonly database; the state directory must be writable$/,
  ],
  [
    'a folder that is not there',
    () => new DatabaseSync(join(directory, 'none', 'weft.sqlite')),
    'unavailable',
    /^cannot do it: unable to open database file; the state directory must be writable$/,
  ],
  [
    'a lost table',
    (database) => database.prepare('SELECT * FROM epochs'),
    'corrupt',
    /^cannot do it: no such table: epochs; the file is damaged: /,
  ],
  [
    'a store that was closed meanwhile',
    (database) => {
      database.close();
      database.exec('SELECT 1');
    },
    'unavailable',
    /^cannot do it: database is not open: the store is closed$/,
  ],
  [
    'a run that is there',
    (database) => {
      database.exec("INSERT INTO runs VALUES ('a', 1); INSERT INTO runs VALUES ('a', 1)");
    },
    'already-exists',
    /^cannot do it: a run with this id exists; choose another id, or resume that run$/,
  ],
])('%s is a failure of the environment', (_, action, code, message) => {
  const thrown = thrownBy(action);
  expect(thrown).toBeInstanceOf(WeftError);
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test.each<[string, (database: DatabaseSync) => unknown]>([
  [
    'an invariant',
    () => {
      invariant(Number.isNaN(0), 'nought is no number');
    },
  ],
  ['a mistake in a program', () => (undefined as unknown as { name: string }).name],
  ['a statement that is none', (database) => database.prepare('SELEC 1')],
  [
    'a value that no column takes',
    (database) => database.prepare('INSERT INTO runs VALUES (?, ?)').run(undefined as never, 1),
  ],
  [
    'a transaction within another',
    (database) => {
      database.exec('BEGIN; BEGIN');
    },
  ],
])('%s is a bug, and thrown on as it is', (_, action) => {
  const thrown = thrownBy(action);
  expect(thrown).toBeInstanceOf(Error);
  expect(thrown).not.toBeInstanceOf(WeftError);
});

test('an error that says already what is wrong is thrown on as it is', () => {
  const error = new WeftError('not-found', 'it is not there');
  expect(
    thrownBy(() => {
      throw error;
    }),
  ).toBe(error);
});

test('a ledger line that is written twice is a bug, and not a run that exists', () => {
  const store = openSqliteRunStore(':memory:');
  const line = { position: 3, text: '{}', digest: 'd' };
  store.appendLedger(runId('run-1'), [line]);
  expect(() => {
    store.appendLedger(runId('run-1'), [line]);
  }).toThrow('UNIQUE constraint failed: ledger.run_id, ledger.position');
  store.close();
});
