import { chunkCountAt, LedgerVerifier, runId, type ChainedLine, type LedgerProblem } from '@weft/core';
import { openSqliteRunStore, type RunStore, type StoredRun } from '@weft/store';
import { configurationDigest, create, RunConfigurationSchema, runAssignmentOf, RunState } from '@weft/wire';
import { hash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerRecorder } from './ledger-recorder.ts';

const id = runId('r');
/** Three steps an epoch, the last one short. */
const configuration = create(RunConfigurationSchema, {
  dataSet: { name: 'd', trainExamples: 10, validationExamples: 10, testExamples: 10 },
  ...{ batchSize: 4, chunkSize: 1, epochs: 400, seed: 9n },
});
const run: StoredRun = {
  ...{
    runId: id,
    configuration,
    minTrainers: 1,
    startTrainers: 1,
    maxTrainers: 1,
    transport: 'auto',
    submittedAtSeconds: 0,
  },
  ...{ state: RunState.RUNNING, reason: '', generation: 1, checkpoint: 0, engineFingerprint: 'e', result: undefined },
  ...{ priority: 0, studyId: '', trial: 0, failureCode: '' },
};
const assignment = runAssignmentOf(id, configuration);

let store: RunStore;
beforeEach(() => {
  store = openSqliteRunStore(':memory:');
  store.insert(run);
});
afterEach(() => {
  store.close();
});

function append(recorder: LedgerRecorder, first: number, end: number, generation = 1): void {
  for (let position = first; position < end; position++) {
    const chunks = { first: 0, end: chunkCountAt(assignment.plan, position) };
    recorder.append({
      ...{ position, generation, assignments: [{ trainer: 't', chunks, attempt: 0 }] },
      ...{ loss: position, correct: 1, gradientDigest: hash('sha256', `gradient ${String(position)}`, 'hex') },
    });
  }
}

function verify(lines: readonly ChainedLine[], finished: string): LedgerProblem | undefined {
  const { plan, seed } = assignment;
  const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');
  const subject = { plan, seed, configurationDigest: configurationDigest(assignment) };
  const verifier = new LedgerVerifier(subject, sha256);
  for (const line of lines) {
    const problem = verifier.take(line);
    if (problem !== undefined) return problem;
  }
  return verifier.finish({ atLeast: 0, finished });
}

test('what is recorded, flushed in parts, taken back and recorded again, is a ledger that verifies', () => {
  const recorder = new LedgerRecorder(store, run, 0);
  append(recorder, 0, 700);
  recorder.rollBack(600);
  append(recorder, 600, 1200, 2);
  recorder.flush();
  const lines = store.ledgerLines(id, 0, 2000);
  expect(lines).toHaveLength(1200);
  expect(verify(lines, recorder.digest)).toBeUndefined();
  expect(verify(lines.slice(0, 1199), recorder.digest)).toMatchObject({ position: 1199 });
});

test('a recorder that goes on after a restart forgets what came after the checkpoint, and chains to what came before', () => {
  const first = new LedgerRecorder(store, run, 0);
  append(first, 0, 650);
  first.flush();
  const second = new LedgerRecorder(store, run, 600);
  append(second, 600, 1200);
  second.flush();
  expect(verify(store.ledgerLines(id, 0, 2000), second.digest)).toBeUndefined();
});

test('a step that is on record, or that another one is missing before, is never recorded', () => {
  const recorder = new LedgerRecorder(store, run, 0);
  append(recorder, 0, 3);
  for (const position of [2, 4]) {
    expect(() => {
      append(recorder, position, position + 1);
    }).toThrow(`position ${String(position)} is recorded, 3 comes next`);
  }
  append(recorder, 3, 4);
  recorder.flush();
  expect(store.ledgerLines(id, 0, 9).map(({ position }) => position)).toEqual([0, 1, 2, 3]);
});

test('before the first line the digest is that of the run’s configuration, not of another’s', () => {
  const other = { ...run, configuration: create(RunConfigurationSchema, { ...configuration, seed: 10n }) };
  expect(new LedgerRecorder(store, run, 0).digest).not.toBe(new LedgerRecorder(store, other, 0).digest);
});
