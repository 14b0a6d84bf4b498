/** Studies in one SQLite file with a write-ahead log, beside that of the runs. */
import { invariant, WeftError } from '@weft/core';
import { StudyDefinitionSchema, StudyExecutionSchema, toJson, type StudyState } from '@weft/wire';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { inTransaction } from './sqlite-transaction.ts';
import { actionsOn, attempt } from './store-error.ts';
import { messageOf, valueOf } from './stored-text.ts';
import type { StoredCosts, StoredStudy, StoredTrial, StudyChange, StudyRecord, StudyStore } from './study-store.ts';

/** Grows with every change of the tables. */
const schemaVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS studies (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    study_id TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    execution TEXT NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    submitted_at REAL NOT NULL,
    seconds REAL NOT NULL,
    costs TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS trials (
    study_id TEXT NOT NULL,
    trial INTEGER NOT NULL,
    cell INTEGER NOT NULL,
    settings TEXT NOT NULL,
    seed INTEGER NOT NULL,
    moment REAL NOT NULL,
    reason TEXT NOT NULL,
    configuration_digest TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (study_id, trial)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS records (
    study_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    trial INTEGER,
    number INTEGER,
    loss REAL,
    reason TEXT,
    PRIMARY KEY (study_id, sequence)
  ) STRICT, WITHOUT ROWID;
`;

const columns: Readonly<Record<keyof StudyChange, string>> = {
  definition: 'definition',
  execution: 'execution',
  state: 'state',
  reason: 'reason',
  seconds: 'seconds',
  costs: 'costs',
};

type Row = Record<string, unknown>;

/** Opens the studies in `file` (`:memory:` for none). Throws 'unavailable', 'incompatible' or 'corrupt' with the path. */
export function openSqliteStudyStore(file: string): StudyStore {
  const database = open(file);
  const run = actionsOn(file);
  const statements = {
    find: database.prepare('SELECT * FROM studies WHERE study_id = ?'),
    all: database.prepare('SELECT * FROM studies ORDER BY sequence'),
    trials: database.prepare('SELECT * FROM trials WHERE study_id = ? ORDER BY trial'),
    records: database.prepare(
      'SELECT kind, trial, number, loss, reason FROM records WHERE study_id = ? ORDER BY sequence',
    ),
    last: database.prepare('SELECT MAX(sequence) AS last FROM records WHERE study_id = ?'),
    insertTrial: database.prepare('INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    insertRecord: database.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)'),
  };
  return {
    insert: (study) =>
      run(`store study ${study.studyId}`, () => {
        insertStudy(database, study);
      }),
    update: (studyId, change) =>
      run(`update study ${studyId}`, () => {
        updateStudy(database, studyId, change);
      }),
    find: (studyId) =>
      run(`read study ${studyId}`, () => {
        const row = statements.find.get(studyId);
        return row === undefined ? undefined : studyOf(row);
      }),
    all: () => run('read the studies', () => statements.all.all().map(studyOf)),
    append: (studyId, trials, records, change = {}) =>
      run(`record study ${studyId}`, () => {
        inTransaction(database, () => {
          updateStudy(database, studyId, change);
          for (const trial of trials) statements.insertTrial.run(studyId, ...trialRow(trial));
          let sequence = Number(statements.last.get(studyId)?.['last'] ?? 0);
          for (const record of records) statements.insertRecord.run(studyId, ++sequence, ...recordRow(record));
        });
      }),
    restart: (studyId, change) =>
      run(`restart study ${studyId}`, () => {
        inTransaction(database, () => {
          updateStudy(database, studyId, change);
          database.prepare('DELETE FROM trials WHERE study_id = ?').run(studyId);
          database.prepare('DELETE FROM records WHERE study_id = ?').run(studyId);
        });
      }),
    trials: (studyId) => run(`read the trials of ${studyId}`, () => statements.trials.all(studyId).map(trialOf)),
    records: (studyId) => run(`read study ${studyId}`, () => statements.records.all(studyId).map(recordOf)),
    close: () => {
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  return attempt(`cannot open the studies in ${file}`, () => {
    const database = new DatabaseSync(file, { timeout: 2000 });
    // NORMAL: a crash of the machine may take the last commits, which are found out again from the runs.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    if (found !== 0 && found !== schemaVersion) {
      database.close();
      const rule = `this version reads ${String(schemaVersion)}`;
      throw new WeftError('incompatible', `${file} has version ${String(found)}, ${rule}; use another --state-dir`);
    }
    database.exec(schema);
    database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    return database;
  });
}

function insertStudy(database: DatabaseSync, study: StoredStudy): void {
  const { studyId, definition, execution, state, reason, submittedAtSeconds, seconds, costs } = study;
  const texts = [definitionText(definition), executionText(execution)] as const;
  const taken = database.prepare('SELECT 1 FROM studies WHERE study_id = ?').get(studyId);
  if (taken !== undefined) {
    throw new WeftError('already-exists', `a study ${studyId} exists; choose another id, or resume that study`);
  }
  database
    .prepare(
      'INSERT INTO studies (study_id, definition, execution, state, reason, submitted_at, seconds, costs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(studyId, ...texts, state, reason, submittedAtSeconds, seconds, JSON.stringify(costs));
}

function updateStudy(database: DatabaseSync, studyId: string, change: StudyChange): void {
  const { definition, execution, costs, ...plain } = change;
  const values: Record<string, SQLInputValue> = { ...plain };
  if (definition !== undefined) values['definition'] = definitionText(definition);
  if (execution !== undefined) values['execution'] = executionText(execution);
  if (costs !== undefined) values['costs'] = JSON.stringify(costs);
  const names = Object.keys(values);
  if (names.length === 0) return;
  const assignments = names.map((name) => `${columns[name as keyof StudyChange]} = ?`).join(', ');
  const { changes } = database
    .prepare(`UPDATE studies SET ${assignments} WHERE study_id = ?`)
    .run(...Object.values(values), studyId);
  invariant(Number(changes) === 1, `study ${studyId} is not in the store`);
}

function definitionText(definition: StoredStudy['definition']): string {
  return JSON.stringify(toJson(StudyDefinitionSchema, definition));
}

function executionText(execution: StoredStudy['execution']): string {
  return JSON.stringify(toJson(StudyExecutionSchema, execution));
}

function studyOf(row: Row): StoredStudy {
  const studyId = String(row['study_id']);
  return {
    studyId,
    definition: messageOf(StudyDefinitionSchema, row['definition'], `the definition of study ${studyId}`),
    execution: messageOf(StudyExecutionSchema, row['execution'], `the execution of study ${studyId}`),
    // Written by this store only, from the same type.
    state: Number(row['state']) as StudyState,
    reason: String(row['reason']),
    submittedAtSeconds: Number(row['submitted_at']),
    seconds: Number(row['seconds']),
    costs: valueOf(row['costs'], `the costs of study ${studyId}`) as StoredCosts,
  };
}

function trialRow(trial: StoredTrial): SQLInputValue[] {
  const { cell, seed, moment, reason, configurationDigest, runId } = trial;
  return [trial.trial, cell, JSON.stringify(trial.settings), seed, moment, reason, configurationDigest, runId];
}

function trialOf(row: Row): StoredTrial {
  const trial = Number(row['trial']);
  const owner = `trial ${String(trial)} of study ${String(row['study_id'])}`;
  return {
    trial,
    cell: Number(row['cell']),
    settings: valueOf(row['settings'], `the settings of ${owner}`) as StoredTrial['settings'],
    seed: Number(row['seed']),
    moment: Number(row['moment']),
    reason: String(row['reason']),
    configurationDigest: String(row['configuration_digest']),
    runId: String(row['run_id']),
  };
}

function recordRow(record: StudyRecord): SQLInputValue[] {
  switch (record.kind) {
    case 'epoch':
      return [record.kind, record.trial, record.epoch, record.loss ?? null, null];
    case 'propose':
    case 'complete':
    case 'diverged':
      return [record.kind, record.trial, null, null, null];
    case 'excused':
      return [record.kind, record.trial, null, null, record.reason];
    case 'closed':
    case 'end':
      return [record.kind, null, null, null, record.reason];
    case 'extended':
      return [record.kind, null, record.moreCells ? 1 : 0, null, null];
    case 'stop':
      return [record.kind, record.trial, record.epoch, null, record.reason];
    case 'retried':
      return [record.kind, record.trial, record.counts ? 1 : 0, null, null];
    case 'attempt':
      return [record.kind, record.trial, record.attempt, null, null];
  }
}

function recordOf(row: Row): StudyRecord {
  const [trial, number, reason] = [Number(row['trial']), Number(row['number']), String(row['reason'])];
  // Written by this store only, from the same type.
  const kind = String(row['kind']) as StudyRecord['kind'];
  switch (kind) {
    case 'epoch':
      return { kind, trial, epoch: number, loss: row['loss'] === null ? undefined : Number(row['loss']) };
    case 'propose':
    case 'complete':
    case 'diverged':
      return { kind, trial };
    case 'excused':
      return { kind, trial, reason };
    case 'closed':
    case 'end':
      return { kind, reason };
    case 'extended':
      return { kind, moreCells: number === 1 };
    case 'stop':
      return { kind, trial, epoch: number, reason };
    case 'retried':
      return { kind, trial, counts: number === 1 };
    case 'attempt':
      return { kind, trial, attempt: number };
  }
}
