/** The tables of the store, and how those that an earlier version of Weft wrote become today's. */
import type { DatabaseSync } from 'node:sqlite';
import { everyTrainer } from './run-store.ts';

/** Grows with every change of the tables. */
const schemaVersion = 3;

/** Versions that are read; a coordinator brings them up to date when it opens the store. */
export const readableVersions: readonly number[] = [2, schemaVersion];

/** Of version 2. */
const tables = `
  CREATE TABLE IF NOT EXISTS runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL UNIQUE,
    configuration TEXT NOT NULL,
    min_trainers INTEGER NOT NULL,
    start_trainers INTEGER NOT NULL,
    transport TEXT NOT NULL,
    submitted_at REAL NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    generation INTEGER NOT NULL,
    checkpoint INTEGER NOT NULL,
    engine_fingerprint TEXT NOT NULL,
    result TEXT,
    remark TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS checkpoints (
    run_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS epochs (
    run_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (run_id, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ledger (
    run_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    line TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
  ) STRICT, WITHOUT ROWID;
`;

/** From version 2 to 3: runs side by side, and runs of studies. */
const toVersion3 = `
  ALTER TABLE runs ADD COLUMN max_trainers INTEGER NOT NULL DEFAULT ${String(everyTrainer)};
  ALTER TABLE runs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN study_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE runs ADD COLUMN trial INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN failure_code TEXT NOT NULL DEFAULT '';
  CREATE INDEX runs_by_state ON runs (state);
  CREATE INDEX runs_by_study ON runs (study_id, trial);
`;

/** The version of the tables; 0 where there are none. */
export function schemaVersionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Makes the tables, or brings them up to date: whole or not at all. */
export function makeTables(database: DatabaseSync): void {
  if (schemaVersionOf(database) === schemaVersion) return;
  database.exec(`BEGIN IMMEDIATE; ${tables} ${toVersion3} PRAGMA user_version = ${String(schemaVersion)}; COMMIT;`);
}
