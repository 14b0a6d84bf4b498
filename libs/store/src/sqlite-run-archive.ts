/** Reads what a coordinator has stored; see `sqlite-run-store.ts` for who writes it. */
import { runId as brandRunId, WeftError, type ChainedLine } from '@weft/core';
import {
  EpochResultSchema,
  RunConfigurationSchema,
  RunResultSchema,
  type EpochResult,
  type RunState,
} from '@weft/wire';
import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { everyTrainer, type RunArchive, type StoredRun } from './run-store.ts';
import { readableVersions, schemaVersionOf } from './sqlite-run-schema.ts';
import { Statements } from './statements.ts';
import { messageOf } from './stored-text.ts';
import { actionsOn, attempt, type Actions } from './store-error.ts';

type Row = Record<string, unknown>;

/**
 * Opens the store at `file` to read it; the database is not written, whatever its last owner left undone (SQLite makes an index of
 * the log beside it, so the directory must be writable). Throws 'not-found' where there is none, 'already-exists' where a
 * coordinator has it open, and what `openSqliteRunStore` throws.
 */
export function openSqliteRunArchive(file: string): RunArchive {
  if (!existsSync(file)) throw new WeftError('not-found', `there is no store ${file}`);
  return attempt(`cannot read the store ${file}`, () => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 200 });
    requireSchema(database, file);
    return archiveOf(database, actionsOn(file));
  });
}

/** Reads from an open database, whose tables exist. */
export function archiveOf(database: DatabaseSync, run: Actions): RunArchive {
  const statements = new Statements(database);
  const runs = (sql: string, ...values: readonly SQLInputValue[]): StoredRun[] =>
    run('read the runs', () => statements.all(sql, ...values).map(runOf));
  return {
    find: (runId) =>
      run(`read run ${runId}`, () => {
        const row = statements.get('SELECT * FROM runs WHERE run_id = ?', runId);
        return row === undefined ? undefined : runOf(row);
      }),
    all: () => runs('SELECT * FROM runs ORDER BY sequence'),
    single: () => runs("SELECT * FROM runs WHERE study_id = '' ORDER BY sequence"),
    inState: (...states) => {
      const marks = states.map(() => '?').join(', ');
      return runs(`SELECT * FROM runs WHERE state IN (${marks}) ORDER BY sequence`, ...states);
    },
    engineOf: (studyId) =>
      run('read the engine of the study', () => {
        const sql =
          "SELECT engine_fingerprint FROM runs WHERE study_id = ? AND engine_fingerprint <> '' ORDER BY trial LIMIT 1";
        const row = statements.get(sql, studyId);
        return row === undefined ? '' : String(row['engine_fingerprint']);
      }),
    countByState: () =>
      run('count the runs', () => {
        const rows = statements.all('SELECT state, COUNT(*) AS count FROM runs GROUP BY state');
        return new Map(rows.map((row) => [Number(row['state']) as RunState, Number(row['count'])]));
      }),
    lastIds: (limit) =>
      run('read the runs', () =>
        statements
          .all('SELECT run_id FROM runs ORDER BY sequence DESC LIMIT ?', limit)
          .map((row) => brandRunId(String(row['run_id'])))
          .reverse(),
      ),
    submitted: () =>
      run('count the runs', () => Number(statements.get('SELECT MAX(sequence) AS last FROM runs')?.['last'] ?? 0)),
    epochs: (runId, last = Number.MAX_SAFE_INTEGER) =>
      run('read the epochs', () =>
        statements
          .all('SELECT result FROM epochs WHERE run_id = ? AND epoch <= ? ORDER BY epoch', runId, last)
          .map((row): EpochResult => messageOf(EpochResultSchema, row['result'], `an epoch of run ${runId}`)),
      ),
    checkpoints: (runId) =>
      run('read the checkpoints', () =>
        statements
          .all('SELECT position, digest FROM checkpoints WHERE run_id = ? ORDER BY position', runId)
          .map((row) => ({ position: Number(row['position']), digest: String(row['digest']) })),
      ),
    ledgerLines: (runId, first, limit) =>
      run('read the ledger', () =>
        statements
          .all('SELECT * FROM ledger WHERE run_id = ? AND position >= ? ORDER BY position LIMIT ?', runId, first, limit)
          .map(lineOf),
      ),
    ledgerTail: (runId) =>
      run('read the ledger', () => {
        const row = statements.get('SELECT * FROM ledger WHERE run_id = ? ORDER BY position DESC LIMIT 1', runId);
        return row === undefined ? undefined : lineOf(row);
      }),
    close: () => {
      database.close();
    },
  };
}

/** Closes the database where another version of Weft wrote it, and throws 'incompatible'. An empty one is fine. */
export function requireSchema(database: DatabaseSync, file: string): void {
  const found = schemaVersionOf(database);
  if (found === 0 || readableVersions.includes(found)) return;
  database.close();
  const rule = `this version reads ${readableVersions.join(' and ')}`;
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
    // Absent in what version 2 wrote.
    maxTrainers: Number(row['max_trainers'] ?? everyTrainer),
    priority: Number(row['priority'] ?? 0),
    studyId: textIn(row, 'study_id'),
    trial: Number(row['trial'] ?? 0),
    // Written by this store only, from the same type.
    transport: String(row['transport']) as StoredRun['transport'],
    submittedAtSeconds: Number(row['submitted_at']),
    state: Number(row['state']) as RunState,
    reason: String(row['reason']),
    generation: Number(row['generation']),
    checkpoint: Number(row['checkpoint']),
    engineFingerprint: String(row['engine_fingerprint']),
    result: row['result'] === null ? undefined : messageOf(RunResultSchema, row['result'], `the result of ${runId}`),
    failureCode: textIn(row, 'failure_code') as StoredRun['failureCode'],
    ...(typeof remark === 'string' ? { remark } : {}),
  };
}

function textIn(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}
