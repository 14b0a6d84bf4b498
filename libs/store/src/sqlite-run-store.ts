/** The store in one SQLite file with a write-ahead log. Messages are stored as protobuf JSON, readable by any tool. */
import { describeError, invariant, runId as brandRunId, WeftError, type RunId } from '@weft/core';
import {
  fromJson,
  toJson,
  EpochResultSchema,
  RunConfigurationSchema,
  RunResultSchema,
  type EpochResult,
  type DescMessage,
  type JsonValue,
  type MessageShape,
  type RunState,
} from '@weft/wire';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { RunChange, RunStore, StoredRun } from './run-store.ts';

const schemaVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS runs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL UNIQUE,
    configuration TEXT NOT NULL,
    min_trainers INTEGER NOT NULL,
    submitted_at REAL NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    generation INTEGER NOT NULL,
    checkpoint INTEGER NOT NULL,
    engine_fingerprint TEXT NOT NULL,
    result TEXT
  ) STRICT;
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
};

type Row = Record<string, unknown>;

/** Opens the store at `file` (`:memory:` for none). Throws 'unavailable' or 'corrupt' with the path. */
export function openSqliteRunStore(file: string): RunStore {
  const database = open(file);
  const run = <T>(what: string, action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      throw storeError(`cannot ${what} in ${file}`, cause);
    }
  };
  return {
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
    find: (runId) =>
      run('read the run', () => {
        const row = database.prepare('SELECT * FROM runs WHERE run_id = ?').get(runId);
        return row === undefined ? undefined : runOf(row);
      }),
    all: () => run('read the runs', () => database.prepare('SELECT * FROM runs ORDER BY sequence').all().map(runOf)),
    recordEpoch: (runId, epoch, checkpoint) => {
      run('record the epoch', () => {
        inTransaction(database, () => {
          const text = textOf(EpochResultSchema, epoch);
          database.prepare('INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)').run(runId, epoch.epoch, text);
          database.prepare('UPDATE runs SET checkpoint = ? WHERE run_id = ?').run(checkpoint, runId);
        });
      });
    },
    epochs: (runId) =>
      run('read the epochs', () =>
        database
          .prepare('SELECT result FROM epochs WHERE run_id = ? ORDER BY epoch')
          .all(runId)
          .map((row): EpochResult => messageOf(EpochResultSchema, row['result'])),
      ),
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
    ledgerTail: (runId) =>
      run('read the ledger', () => {
        const row = database.prepare('SELECT * FROM ledger WHERE run_id = ? ORDER BY position DESC LIMIT 1').get(runId);
        if (row === undefined) return undefined;
        return { position: Number(row['position']), text: String(row['line']), digest: String(row['digest']) };
      }),
    close: () => {
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 2000 });
    // One coordinator a store: the lock is taken now and kept until the store is closed.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found !== 0 && found !== schemaVersion) {
      database.close();
      const rule = `this version reads ${String(schemaVersion)}`;
      throw new WeftError(
        'incompatible',
        `${file} has schema version ${String(found)}, ${rule}; use another --state-dir`,
      );
    }
    database.exec(schema);
    database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    return database;
  } catch (cause) {
    if (cause instanceof WeftError) throw cause;
    throw storeError(`cannot open the store ${file}`, cause);
  }
}

function storeError(what: string, cause: unknown): WeftError {
  const text = describeError(cause);
  if (/disk is full|no space/i.test(text)) {
    return new WeftError('resource-exhausted', `${what}: ${text}; free some space and resume`, { cause });
  }
  if (/not a database|malformed/i.test(text)) return new WeftError('corrupt', `${what}: ${text}`, { cause });
  if (text.includes('locked')) {
    return new WeftError(
      'already-exists',
      `${what}: another coordinator uses it; stop it or choose another --state-dir`,
      {
        cause,
      },
    );
  }
  if (text.includes('UNIQUE'))
    return new WeftError(
      'already-exists',
      `${what}: a run with this id exists; choose another id, or resume that run`,
      { cause },
    );
  return new WeftError('unavailable', `${what}: ${text}; the state directory must be writable`, { cause });
}

function insertRun(database: DatabaseSync, stored: StoredRun): void {
  database
    .prepare(
      `INSERT INTO runs (run_id, configuration, min_trainers, submitted_at, state, reason, generation, checkpoint,
         engine_fingerprint, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      stored.runId,
      textOf(RunConfigurationSchema, stored.configuration),
      stored.minTrainers,
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

function runOf(row: Row): StoredRun {
  return {
    runId: brandRunId(String(row['run_id'])),
    configuration: messageOf(RunConfigurationSchema, row['configuration']),
    minTrainers: Number(row['min_trainers']),
    submittedAtSeconds: Number(row['submitted_at']),
    state: Number(row['state']) as RunState,
    reason: String(row['reason']),
    generation: Number(row['generation']),
    checkpoint: Number(row['checkpoint']),
    engineFingerprint: String(row['engine_fingerprint']),
    result: row['result'] === null ? undefined : messageOf(RunResultSchema, row['result']),
  };
}

function textOf<D extends DescMessage>(schemaOf: D, message: MessageShape<D>): string {
  return JSON.stringify(toJson(schemaOf, message));
}

function messageOf<D extends DescMessage>(schemaOf: D, text: unknown): MessageShape<D> {
  return fromJson(schemaOf, JSON.parse(String(text)) as JsonValue);
}
