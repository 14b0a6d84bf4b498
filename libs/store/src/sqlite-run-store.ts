/** The store in one SQLite file with a write-ahead log. Messages are stored as protobuf JSON, readable by any tool. */
import { invariant, WeftError, type RunId } from '@weft/core';
import {
  toJson,
  EpochResultSchema,
  RunConfigurationSchema,
  RunResultSchema,
  type DescMessage,
  type MessageShape,
} from '@weft/wire';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { RunChange, RunStore, StoredRun } from './run-store.ts';
import { archiveOf, requireSchema, schemaVersion } from './sqlite-run-archive.ts';
import { actionsOn, storeError } from './store-error.ts';

const schema = `
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

const columns: Readonly<Record<keyof RunChange, string>> = {
  state: 'state',
  reason: 'reason',
  generation: 'generation',
  engineFingerprint: 'engine_fingerprint',
  result: 'result',
  minTrainers: 'min_trainers',
  startTrainers: 'start_trainers',
};

/** Opens the store at `file` (`:memory:` for none). Throws 'unavailable' or 'corrupt' with the path. */
export function openSqliteRunStore(file: string): RunStore {
  const database = open(file);
  const run = actionsOn(file);
  return {
    ...archiveOf(database, run),
    insert: (stored) => {
      run(`store run ${stored.runId}`, () => {
        insertRun(database, stored);
      });
    },
    update: (runId, change) => {
      run('update the run', () => {
        updateRun(database, runId, change);
      });
    },
    recordEpoch: (runId, epoch, checkpoint) => {
      run('record the epoch', () => {
        inTransaction(database, () => {
          const text = textOf(EpochResultSchema, epoch);
          database.prepare('INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)').run(runId, epoch.epoch, text);
          database.prepare('UPDATE runs SET checkpoint = ? WHERE run_id = ?').run(checkpoint, runId);
        });
      });
    },
    recordCheckpoint: (runId, { position, digest }, oldestKept) => {
      run('record the checkpoint', () => {
        inTransaction(database, () => {
          database.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)').run(runId, position, digest);
          database.prepare('DELETE FROM checkpoints WHERE run_id = ? AND position < ?').run(runId, oldestKept);
        });
      });
    },
    appendLedger: (runId, lines) => {
      run('append to the ledger', () => {
        inTransaction(database, () => {
          const insert = database.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?)');
          for (const { position, text, digest } of lines) insert.run(runId, position, text, digest);
        });
      });
    },
    truncateLedger: (runId, position) => {
      run('truncate the ledger', () => {
        database.prepare('DELETE FROM ledger WHERE run_id = ? AND position >= ?').run(runId, position);
      });
    },
    goBack: (runId, { checkpoint, epochs, remark }) => {
      run('take the run back', () => {
        inTransaction(database, () => {
          database.prepare('DELETE FROM epochs WHERE run_id = ? AND epoch > ?').run(runId, epochs);
          database.prepare('DELETE FROM ledger WHERE run_id = ? AND position >= ?').run(runId, checkpoint);
          database.prepare('DELETE FROM checkpoints WHERE run_id = ? AND position > ?').run(runId, checkpoint);
          database
            .prepare('UPDATE runs SET checkpoint = ?, remark = ? WHERE run_id = ?')
            .run(checkpoint, remark, runId);
        });
      });
    },
  };
}

function open(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 2000 });
    // One coordinator a store: the lock is taken now and kept until the store is closed. FULL: a commit is on disk when it
    // returns, so that no file of a checkpoint is removed that the store could still need after a crash of the machine.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    requireSchema(database, file);
    database.exec(schema);
    database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    return database;
  } catch (cause) {
    if (cause instanceof WeftError) throw cause;
    throw storeError(`cannot open the store ${file}`, cause);
  }
}

function insertRun(database: DatabaseSync, stored: StoredRun): void {
  database
    .prepare(
      `INSERT INTO runs (run_id, configuration, min_trainers, start_trainers, transport, submitted_at, state, reason, generation, checkpoint,
         engine_fingerprint, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      stored.runId,
      textOf(RunConfigurationSchema, stored.configuration),
      stored.minTrainers,
      stored.startTrainers,
      stored.transport,
      stored.submittedAtSeconds,
      stored.state,
      stored.reason,
      stored.generation,
      stored.checkpoint,
      stored.engineFingerprint,
      stored.result === undefined ? null : textOf(RunResultSchema, stored.result),
    );
}

function updateRun(database: DatabaseSync, runId: RunId, change: RunChange): void {
  const entries = Object.entries(change).map(([field, value]): [string, SQLInputValue] => {
    const column = columns[field as keyof RunChange];
    if (typeof value === 'string' || typeof value === 'number') return [column, value];
    return [column, value === undefined ? null : textOf(RunResultSchema, value)];
  });
  if (entries.length === 0) return;
  const assignments = entries.map(([column]) => `${column} = ?`).join(', ');
  const values = entries.map(([, value]) => value);
  const { changes } = database.prepare(`UPDATE runs SET ${assignments} WHERE run_id = ?`).run(...values, runId);
  invariant(Number(changes) === 1, `run ${runId} is not in the store`);
}

function inTransaction(database: DatabaseSync, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (cause) {
    // SQLite itself may have rolled back, on a full disk for one.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw cause;
  }
}

function textOf<D extends DescMessage>(schemaOf: D, message: MessageShape<D>): string {
  return JSON.stringify(toJson(schemaOf, message));
}
