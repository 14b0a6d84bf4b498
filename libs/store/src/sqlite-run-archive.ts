/** Reads what a coordinator has stored; see `sqlite-run-store.ts` for who writes it. */
import { describeError, runId as brandRunId, WeftError, type ChainedLine } from '@weft/core';
import {
  fromJson,
  EpochResultSchema,
  RunConfigurationSchema,
  RunResultSchema,
  type DescMessage,
  type EpochResult,
  type JsonValue,
  type MessageShape,
  type RunState,
} from '@weft/wire';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { RunArchive, StoredRun } from './run-store.ts';
import { actionsOn, storeError, type Actions } from './store-error.ts';

/** Grows with every change of the tables. */
export const schemaVersion: number = 2;

type Row = Record<string, unknown>;

/**
 * Opens the store at `file` to read it; the database is not written, whatever its last owner left undone (SQLite makes an index of
 * the log beside it, so the directory must be writable). Throws 'not-found' where there is none, 'already-exists' where a
 * coordinator has it open, and what `openSqliteRunStore` throws.
 */
export function openSqliteRunArchive(file: string): RunArchive {
  if (!existsSync(file)) throw new WeftError('not-found', `there is no store ${file}`);
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 200 });
    requireSchema(database, file);
    return archiveOf(database, actionsOn(file));
  } catch (cause) {
    if (cause instanceof WeftError) throw cause;
    throw storeError(`cannot read the store ${file}`, cause);
  }
}

/** Reads from an open database. */
export function archiveOf(database: DatabaseSync, run: Actions): RunArchive {
  return {
    find: (runId) =>
      run(`read run ${runId}`, () => {
        const row = database.prepare('SELECT * FROM runs WHERE run_id = ?').get(runId);
        return row === undefined ? undefined : runOf(row);
      }),
    all: () => run('read the runs', () => database.prepare('SELECT * FROM runs ORDER BY sequence').all().map(runOf)),
    epochs: (runId, last = Number.MAX_SAFE_INTEGER) =>
      run('read the epochs', () =>
        database
          .prepare('SELECT result FROM epochs WHERE run_id = ? AND epoch <= ? ORDER BY epoch')
          .all(runId, last)
          .map((row): EpochResult => messageOf(EpochResultSchema, row['result'], `an epoch of run ${runId}`)),
      ),
    checkpoints: (runId) =>
      run('read the checkpoints', () =>
        database
          .prepare('SELECT position, digest FROM checkpoints WHERE run_id = ? ORDER BY position')
          .all(runId)
          .map((row) => ({ position: Number(row['position']), digest: String(row['digest']) })),
      ),
    ledgerLines: (runId, first, limit) =>
      run('read the ledger', () =>
        database
          .prepare('SELECT * FROM ledger WHERE run_id = ? AND position >= ? ORDER BY position LIMIT ?')
          .all(runId, first, limit)
          .map(lineOf),
      ),
    ledgerTail: (runId) =>
      run('read the ledger', () => {
        const row = database.prepare('SELECT * FROM ledger WHERE run_id = ? ORDER BY position DESC LIMIT 1').get(runId);
        return row === undefined ? undefined : lineOf(row);
      }),
    close: () => {
      database.close();
    },
  };
}

/** Closes the database where another version of Weft wrote it, and throws 'incompatible'. An empty one is fine. */
export function requireSchema(database: DatabaseSync, file: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found === 0 || found === schemaVersion) return;
  database.close();
  const rule = `this version reads ${String(schemaVersion)}`;
  throw new WeftError('incompatible', `${file} has schema version ${String(found)}, ${rule}; use another --state-dir`);
}

function lineOf(row: Row): ChainedLine {
  return { position: Number(row['position']), text: String(row['line']), digest: String(row['digest']) };
}

function runOf(row: Row): StoredRun {
  const runId = brandRunId(String(row['run_id']));
  const remark = row['remark'];
  return {
    runId,
    configuration: messageOf(RunConfigurationSchema, row['configuration'], `the configuration of ${runId}`),
    minTrainers: Number(row['min_trainers']),
    startTrainers: Number(row['start_trainers']),
    // Written by this store only, from the same type.
    transport: String(row['transport']) as StoredRun['transport'],
    submittedAtSeconds: Number(row['submitted_at']),
    state: Number(row['state']) as RunState,
    reason: String(row['reason']),
    generation: Number(row['generation']),
    checkpoint: Number(row['checkpoint']),
    engineFingerprint: String(row['engine_fingerprint']),
    result: row['result'] === null ? undefined : messageOf(RunResultSchema, row['result'], `the result of ${runId}`),
    ...(typeof remark === 'string' ? { remark } : {}),
  };
}

/** Throws 'corrupt' where the text is not the message that was stored. */
function messageOf<D extends DescMessage>(schemaOf: D, text: unknown, what: string): MessageShape<D> {
  try {
    return fromJson(schemaOf, JSON.parse(String(text)) as JsonValue);
  } catch (cause) {
    throw new WeftError('corrupt', `the store is damaged: ${what} cannot be read: ${describeError(cause)}`, { cause });
  }
}
