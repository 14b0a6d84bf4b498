import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { someEpoch, someProgress, someResult, someStatus } from '../run/figures.fixture.ts';
import { errorLine, jsonLine, jsonReporter } from './json-reporter.ts';
import type { Reporter } from './reporter.ts';

const schemaFile = new URL('../../../../docs/json-output.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
const isLine = new Ajv().compile(schema);

function lines(tell: (reporter: Reporter) => void): Record<string, unknown>[] {
  let text = '';
  tell(jsonReporter((more) => (text += more)));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const processes = {
  coordinator: { address: '127.0.0.1:7070', pid: 10 },
  trainers: [{ id: 'trainer-1', pid: 11 }],
};

const wholeRun = (reporter: Reporter): void => {
  reporter.status({ ...someStatus, phase: 'queued' }, processes);
  reporter.status(someStatus, undefined);
  reporter.progress(someProgress);
  reporter.epoch(someEpoch);
  reporter.notice('trainer-1 is lost', 1_700_000_000.5);
  reporter.ended({ status: { ...someStatus, phase: 'finished' }, result: someResult, folder: '/runs/run-1' });
};

test('every line of a run follows the schema', () => {
  for (const line of lines(wholeRun)) {
    expect(isLine(line), JSON.stringify({ line, errors: isLine.errors })).toBe(true);
  }
});

test('the events of a run, and the figures that programs read from its result', () => {
  const told = lines(wholeRun);
  expect(told.map(({ event }) => event)).toEqual(['run', 'run', 'progress', 'epoch', 'notice', 'result']);
  expect(told.at(-1)).toMatchObject({
    ...{ validationAccuracy: 0.83, testAccuracy: 0.8211, examplesPerSecond: 43_200, weightsDigest: 'cd'.repeat(32) },
    folder: '/runs/run-1',
  });
  expect(told[0]).toMatchObject({ version: 1, cluster: processes });
  expect(told[2]).toMatchObject({ epochs: 10, etaSeconds: expect.closeTo(8.866, 2) as number });
});

test('numbers that are not finite are null, and still follow the schema', () => {
  const [, epoch] = lines((reporter) => {
    reporter.status(someStatus, undefined);
    reporter.epoch({ ...someEpoch, loss: Number.NaN, validationLoss: Number.POSITIVE_INFINITY });
  });
  expect(epoch).toMatchObject({ loss: null, validationLoss: null });
  expect(isLine(epoch)).toBe(true);
});

test('a run that did not finish has null figures', () => {
  const [result] = lines((reporter) => {
    reporter.ended({ status: { ...someStatus, phase: 'diverged' }, result: undefined, folder: undefined });
  });
  expect(result).toMatchObject({ phase: 'diverged', weightsDigest: null, testAccuracy: null });
  expect(isLine(result), JSON.stringify(isLine.errors)).toBe(true);
});

test('an error line follows the schema', () => {
  expect(isLine(JSON.parse(errorLine('not-found', 'no such run', 3)))).toBe(true);
});

test('the schema refuses what is not a line', () => {
  const [run] = lines((reporter) => reporter.status(someStatus, undefined));
  expect(isLine({ ...run, phase: 'asleep' })).toBe(false);
  expect(isLine({ ...run, event: 'unheard' })).toBe(false);
  const { seed, ...withoutSeed } = run ?? {};
  expect(seed).toBe(1);
  expect(isLine(withoutSeed)).toBe(false);
});

test('the other commands keep to it too', () => {
  const listed = {
    ...{ event: 'listed-run', runId: 'a', phase: 'interrupted', model: 'm', dataSet: 'd', optimizer: 'sgd' },
    ...{ epochsDone: 0, epochs: 5, validationAccuracy: null, testAccuracy: null, weightsDigest: null },
  };
  const finding = { event: 'finding', subject: 'engines', name: 'ort-cpu', state: 'good', text: '1 thread' };
  const digests = [1, 2].map((trainers) => ({ trainers, weightsDigest: '00'.repeat(32) }));
  const comparison = { event: 'comparison', equal: true, digests, report: '/report.html' };
  for (const event of [listed, finding, comparison]) {
    expect(isLine(JSON.parse(jsonLine(event))), JSON.stringify(isLine.errors)).toBe(true);
  }
});
