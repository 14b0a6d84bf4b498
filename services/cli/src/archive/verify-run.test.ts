import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import {
  chunkCountAt,
  EpochSamples,
  ledgerLink,
  ledgerOrigin,
  ledgerText,
  stepAt,
  stepsPerEpoch,
  type ChainedLine,
} from '@weft/core';
import {
  configurationDigest,
  create,
  EarlyStoppingSchema,
  EpochResultSchema,
  RunConfigurationSchema,
  RunResultSchema,
  runAssignmentOf,
  RunState,
  type RunAssignment,
  type RunConfiguration,
} from '@weft/wire';
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RecordedRun } from './recorded-run.ts';
import { verdictLines } from './verdict-lines.ts';
import { verifyRun } from './verify-run.ts';

const schemaFile = new URL('../../../../docs/json-output.schema.json', import.meta.url);
const isJsonLine = new Ajv().compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');
/** Two epochs of two steps: 4 and 3 examples. */
const configuration = create(RunConfigurationSchema, {
  dataSet: { name: 'd', trainExamples: 7, validationExamples: 2, testExamples: 2 },
  ...{ batchSize: 4, chunkSize: 2, epochs: 2, seed: 3n },
});
const assignment = runAssignmentOf('r', configuration);
const samples = new EpochSamples(assignment.plan.batch, assignment.seed, sha256);

function ledger({ plan, ...run }: RunAssignment = assignment, epochs = plan.epochs): ChainedLine[] {
  let digest = sha256(ledgerOrigin(configurationDigest({ ...run, plan })));
  return Array.from({ length: epochs * stepsPerEpoch(plan.batch) }, (_, position) => {
    const { epoch, step } = stepAt(assignment.plan, position);
    const end = chunkCountAt(assignment.plan, position);
    const text = ledgerText({
      ...{ position, epoch, step, generation: 1, samplesDigest: samples.digestOf(epoch, step) },
      assignments: [{ trainer: 't', chunks: { first: 0, end }, attempt: position === 3 ? 1 : 0 }],
      ...{ lossSum: 0.7, correctCount: 1, gradientDigest: sha256('g') },
    });
    digest = sha256(ledgerLink(digest, text));
    return { position, text, digest };
  });
}

function recorded(change: Partial<RecordedRun> = {}, lines: readonly ChainedLine[] = ledger()): RecordedRun {
  const epoch = (number: number) => create(EpochResultSchema, { epoch: number, loss: 1.4 / 7, accuracy: 2 / 7 });
  return {
    ...{ runId: 'r', configuration, state: RunState.FINISHED, epochs: [epoch(1), epoch(2)], engineFingerprint: 'e' },
    result: create(RunResultSchema, { ledgerDigest: ledger().at(-1)?.digest ?? '' }),
    source: '/state',
    // eslint-disable-next-line @typescript-eslint/require-await -- a source that answers at once
    ledger: async function* () {
      yield* lines;
    },
    checkpoint: () => Promise.resolve({ problem: 'none' }),
    ...change,
  };
}

test('a sound run, as people and programs are told', async () => {
  const verdict = await verifyRun(recorded());
  expect(verdictLines(verdict)).toEqual([
    'run r: 7 of 7 examples once in each of 2 epochs',
    `the chain of 4 lines ends in ${verdict.ledgerDigest}, as the run's result says`,
    'computed by 1 trainer (t); chunk ranges taken over from a lost trainer: 1',
  ]);
  expect(isJsonLine({ event: 'verified', ...verdict }), JSON.stringify(isJsonLine.errors)).toBe(true);
});

test('a run that has not finished is right as far as its epochs are recorded', async () => {
  const open = { state: RunState.RUNNING, result: undefined, epochs: recorded().epochs.slice(0, 1) };
  expect(await verifyRun(recorded(open, ledger().slice(0, 2)))).toMatchObject({ problem: null, epochs: 1, lines: 2 });
  expect(await verifyRun(recorded(open, ledger().slice(0, 1)))).toMatchObject({ problem: { position: 1, step: 2 } });
});

test('a loss of an epoch that is not that of its lines is named', async () => {
  const [first, second] = recorded().epochs;
  if (first === undefined || second === undefined) throw new Error('there are two epochs');
  const verdict = await verifyRun(recorded({ epochs: [first, { ...second, loss: 0.1 }] }));
  expect(verdict.problem).toMatchObject({ position: 3, epoch: 2, step: 2 });
  expect(verdictLines(verdict)[0]).toMatch(/wrong at line 3 \(epoch 2, step 2\): epoch 2 was recorded with loss 0\.1 /);
  expect(isJsonLine({ event: 'verified', ...verdict }), JSON.stringify(isJsonLine.errors)).toBe(true);
});

/** Five epochs, of which no more than `patience` in a row may be no better than the first. */
function watchedWith(patience: number): RunConfiguration {
  const earlyStopping = create(EarlyStoppingSchema, { monitor: 'accuracy', patience, minDelta: 0 });
  return create(RunConfigurationSchema, { ...configuration, epochs: 5, earlyStopping });
}

test('a run that ended early, as the results of its epochs say, is whole', async () => {
  const watched = watchedWith(1);
  const lines = ledger(runAssignmentOf('r', watched), 2);
  const result = create(RunResultSchema, { ledgerDigest: lines.at(-1)?.digest ?? '' });
  const verdict = await verifyRun(recorded({ configuration: watched, result }, lines));
  const reason = 'stopped early after epoch 2: accuracy has not improved since epoch 1';
  expect(verdict).toMatchObject({ problem: null, epochs: 2, stoppedEarly: reason });
  expect(verdictLines(verdict)[1]).toBe(`the results of its epochs say so: ${reason}`);
  expect(isJsonLine({ event: 'verified', ...verdict }), JSON.stringify(isJsonLine.errors)).toBe(true);
});

test('a run that ended before the results of its epochs allow it lacks lines', async () => {
  const patient = watchedWith(2);
  const lines = ledger(runAssignmentOf('r', patient), 2);
  const result = create(RunResultSchema, { ledgerDigest: lines.at(-1)?.digest ?? '' });
  const verdict = await verifyRun(recorded({ configuration: patient, result }, lines));
  expect(verdict.problem).toMatchObject({ position: 4, reason: expect.stringMatching(/4 of 10 lines/) as string });
});

test('a finished run without a result is not right', async () => {
  expect(await verifyRun(recorded({ result: undefined }))).toMatchObject({ problem: { position: 3 } });
});
