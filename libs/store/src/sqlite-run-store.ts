/** The store in one SQLite file with a write-ahead log. Messages are stored as protobuf JSON, readable by any tool. */
import { invariant, type RunId } from '@weft/core';
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
import { archiveOf, requireSchema } from './sqlite-run-archive.ts';
import { makeTables } from './sqlite-run-schema.ts';
import { Statements } from './statements.ts';
import { actionsOn, attempt } from './store-error.ts';

const columns: Readonly<Record<keyof RunChange, string>> = {
  state: 'state',
  reason: 'reason',
  generation: 'generation',
  engineFingerprint: 'engine_fingerprint',
  result: 'result',
  failureCode: 'failure_code',
  minTrainers: 'min_trainers',
  startTrainers: 'start_trainers',
  maxTrainers: 'max_trainers',
  priority: 'priority',
};

/** Opens the store at `file` (`:memory:` for none). Throws 'unavailable' or 'corrupt' with the path. */
export function openSqliteRunStore(file: string): RunStore {
  const database = open(file);
  const run = actionsOn(file);
  const statements = new Statements(database);
  return {
    ...archiveOf(database, run),
    insert: (stored) => {
      run(`store run ${stored.runId}`, () => {
        insertRun(statements, stored);
      });
    },
    update: (runId, change) => {
      run('update the run', () => {
        updateRun(statements, runId, change);
      });
    },
    recordEpoch: (runId, epoch, checkpoint) => {
      run('record the epoch', () => {
        inTransaction(database, () => {
          const text = textOf(EpochResultSchema, epoch);
          statements.run('INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)', runId, epoch.epoch, text);
          statements.run('UPDATE runs SET checkpoint = ? WHERE run_id = ?', checkpoint, runId);
        });
      });
    },
    recordCheckpoint: (runId, { position, digest }, oldestKept) => {
      run('record the checkpoint', () => {
        inTransaction(database, () => {
          statements.run('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)', runId, position, digest);
          statements.run('DELETE FROM checkpoints WHERE run_id = ? AND position < ?', runId, oldestKept);
        });
      });
    },
    appendLedger: (runId, lines) => {
      run('append to the ledger', () => {
        inTransaction(database, () => {
          for (const { position, text, digest } of lines) {
            statements.run('INSERT INTO ledger VALUES (?, ?, ?, ?)', runId, position, text, digest);
          }
        });
      });
    },
    truncateLedger: (runId, position) => {
      run('truncate the ledger', () => {
        statements.run('DELETE FROM ledger WHERE run_id = ? AND position >= ?', runId, position);
      });
    },
    goBack: (runId, { checkpoint, epochs, remark }) => {
      run('take the run back', () => {
        inTransaction(database, () => {
          statements.run('DELETE FROM epochs WHERE run_id = ? AND epoch > ?', runId, epochs);
          statements.run('DELETE FROM ledger WHERE run_id = ? AND position >= ?', runId, checkpoint);
          statements.run('DELETE FROM checkpoints WHERE run_id = ? AND position > ?', runId, checkpoint);
          statements.run('UPDATE runs SET checkpoint = ?, remark = ? WHERE run_id = ?', checkpoint, remark, runId);
        });
      });
    },
  };
}

function open(file: string): DatabaseSync {
  return attempt(`cannot open the store ${file}`, () => {
    const database = new DatabaseSync(file, { timeout: 2000 });
    // One coordinator a store: the lock is taken now and kept until the store is closed. FULL: a commit is on disk when it
    // returns, so that no file of a checkpoint is removed that the store could still need after a crash of the machine.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    requireSchema(database, file);
    makeTables(database);
    return database;
  });
}

function insertRun(statements: Statements, stored: StoredRun): void {
  const row: Readonly<Record<string, SQLInputValue>> = {
    run_id: stored.runId,
    configuration: textOf(RunConfigurationSchema, stored.configuration),
    min_trainers: stored.minTrainers,
    start_trainers: stored.startTrainers,
    max_trainers: stored.maxTrainers,
    priority: stored.priority,
    study_id: stored.studyId,
    trial: stored.trial,
    transport: stored.transport,
    submitted_at: stored.submittedAtSeconds,
    state: stored.state,
    reason: stored.reason,
    generation: stored.generation,
    checkpoint: stored.checkpoint,
    engine_fingerprint: stored.engineFingerprint,
    result: stored.result === undefined ? null : textOf(RunResultSchema, stored.result),
    failure_code: stored.failureCode,
  };
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  statements.run(`INSERT INTO runs (${names.join(', ')}) VALUES (${marks})`, ...Object.values(row));
}

function updateRun(statements: Statements, runId: RunId, change: RunChange): void {
  const entries = Object.entries(change).map(([field, value]): [string, SQLInputValue] => {
    const column = columns[field as keyof RunChange];
    if (typeof value === 'string' || typeof value === 'number') return [column, value];
    return [column, value === undefined ? null : textOf(RunResultSchema, value)];
  });
  if (entries.length === 0) return;
  const assignments = entries.map(([column]) => `${column} = ?`).join(', ');
  const values = entries.map(([, value]) => value);
  const changed = statements.run(`UPDATE runs SET ${assignments} WHERE run_id = ?`, ...values, runId);
  invariant(changed === 1, `run ${runId} is not in the store`);
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
