import { ledgerLink, ledgerOrigin, runId } from '@weft/core';
import { openSqliteRunStore, type RunStore, type StoredRun } from '@weft/store';
import {
  configurationDigest,
  create,
  EpochResultSchema,
  RunConfigurationSchema,
  runAssignmentOf,
  RunState,
} from '@weft/wire';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wayBack, type LostCheckpoint } from './way-back.ts';

const id = runId('r');
/** Two steps an epoch. */
const configuration = create(RunConfigurationSchema, {
  dataSet: { name: 'd', trainExamples: 8, validationExamples: 10, testExamples: 10 },
  ...{ batchSize: 4, chunkSize: 1, epochs: 5 },
});
const run: StoredRun = {
  ...{
    runId: id,
    configuration,
    minTrainers: 1,
    startTrainers: 1,
    transport: 'auto' as const,
    submittedAtSeconds: 0,
    state: RunState.RUNNING,
    reason: '',
  },
  ...{ generation: 1, checkpoint: 6, engineFingerprint: 'e', result: undefined },
  ...{ maxTrainers: 1, priority: 0, studyId: '', trial: 0, failureCode: '' },
};

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-way-back-'));
  file = join(directory, 'weft.sqlite');
  const store = openSqliteRunStore(file);
  store.insert(run);
  let digest = sha256(ledgerOrigin(configurationDigest(runAssignmentOf(id, configuration))));
  for (let position = 0; position < 7; position++) {
    const text = `line ${String(position)}`;
    digest = sha256(ledgerLink(digest, text));
    store.appendLedger(id, [{ position, text, digest }]);
  }
  for (const epoch of [1, 2, 3]) {
    const position = epoch * 2;
    store.recordCheckpoint(id, { position, digest: 'd' }, 4);
    store.recordEpoch(id, create(EpochResultSchema, { epoch }), position);
  }
  store.close();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** What follows from damage done by `statement` while no coordinator ran. */
function after(statement: string, lost?: LostCheckpoint): ReturnType<typeof wayBack> {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
  const store: RunStore = openSqliteRunStore(file);
  const way = wayBack(store, store.find(id) ?? run, lost);
  store.close();
  return way;
}

test('a run of which nothing is damaged goes on where it was', () => {
  expect(after('')).toBeUndefined();
});

test.each([
  ['a line that was changed', "UPDATE ledger SET line = 'x' WHERE position = 5", 4, /line 5 of its ledger is damaged/],
  [
    'a digest that was changed',
    "UPDATE ledger SET digest = 'x' WHERE position = 4",
    4,
    /line 4 of its ledger is damaged/,
  ],
  ['a line that is missing', 'DELETE FROM ledger WHERE position = 5', 4, /line 5 of its ledger is missing/],
  ['an epoch that is missing', 'DELETE FROM epochs WHERE epoch = 3', 4, /3 epochs are needed, 2 are stored/],
  ['an epoch that cannot be read', "UPDATE epochs SET result = '' WHERE epoch = 3", 4, /the store is damaged/],
  [
    'a record that is missing',
    'DELETE FROM checkpoints WHERE position = 6',
    4,
    /no checkpoint is recorded at position 6/,
  ],
  ['damage before both checkpoints', "UPDATE ledger SET line = 'x' WHERE position = 3", 0, /line 3 of its ledger/],
])('%s sends it back as far as all is whole', (_, statement, checkpoint, reason) => {
  // An old line in front of the newest checkpoint's part is for `weft verify`: only both parts together lead to the start.
  const both = checkpoint === 0 ? `${statement}; UPDATE ledger SET line = 'x' WHERE position = 5` : statement;
  const way = after(both);
  expect(way).toMatchObject({ checkpoint, epochs: checkpoint / 2 });
  expect(way?.remark).toMatch(checkpoint === 0 ? /went back from position 6 to the start: line 5/ : reason);
});

test('a file that cannot be used sends it back to the checkpoint before, and from there to the start', () => {
  expect(after('', { position: 6, reason: 'the file is damaged' })).toEqual({
    checkpoint: 4,
    epochs: 2,
    remark: 'went back from position 6 to the checkpoint at position 4: the file is damaged',
  });
  expect(after('', { position: 4, reason: 'gone' })).toMatchObject({ checkpoint: 0, epochs: 0 });
});
