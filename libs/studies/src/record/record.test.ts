import { TrialState } from '@weft/wire';
import { expect, test } from 'vitest';
import { definitionIn } from '../definition/definition.fixture.ts';
import { cellSummaries } from './cell-summary.ts';
import { trialOf } from './record.fixture.ts';
import { recordedResults } from './recorded-results.ts';
import { resultTable } from './result-table.ts';
import { studentInterval } from './student-interval.ts';
import { trialsCsv, trialsJson } from './trial-export.ts';

const definition = definitionIn('model: initial-nn\nspace: { learning-rate: [0.1, 0.01], optimizer: [sgd, adam] }');
const trials = [
  trialOf(
    1,
    { optimizer: 'adam', 'learning-rate': 0.1 },
    { accuracy: Number.NaN, state: TrialState.DIVERGED, seed: 2 },
  ),
  trialOf(0, { 'learning-rate': 0.1, optimizer: 'sgd' }),
  trialOf(2, { 'learning-rate': 0.01, optimizer: 'sgd' }, { state: TrialState.EXCUSED }),
];

test('the result table is one line a trial in their order, and says nothing of the execution', () => {
  expect(resultTable(definition, trials)).toBe(
    [
      '{"trial":0,"cell":0,"settings":{"learning-rate":0.1,"optimizer":"sgd"},"seed":1,"state":"complete","value":0.5,' +
        '"epochs":[[1,0.25,2,0.5],[0.5,0.25,2,0.5]],"test":{"loss":1,"accuracy":0.5},"weights":"w0"}',
      '{"trial":1,"cell":1,"settings":{"learning-rate":0.1,"optimizer":"adam"},"seed":2,"state":"diverged","value":"NaN",' +
        '"epochs":[[1,"NaN",2,"NaN"],[0.5,"NaN",2,"NaN"]],"test":null,"weights":"w1.2"}',
      '{"trial":2,"cell":2,"settings":{"learning-rate":0.01,"optimizer":"sgd"},"seed":1,"state":"excused"}',
      '',
    ].join('\n'),
  );
});

test('the table does not change with who computed when, and how often it was tried', () => {
  const other = trials.map((trial) => ({
    ...trial,
    ...{ runId: 'another', attempts: 9, reason: 'why not' },
    epochs: trial.epochs.map((epoch) => ({ ...epoch, seconds: 99, worldSize: 7, generation: 8n })),
  }));
  expect(resultTable(definition, other.reverse())).toBe(resultTable(definition, trials));
});

test('exports have a column for each parameter, and times', () => {
  const [titles, first] = trialsCsv(definition, [...trials].reverse()).split('\n');
  expect(titles).toMatch(/^trial,cell,learning-rate,optimizer,seed,state,value,epochs,loss,/);
  expect(first).toBe('2,2,0.01,sgd,1,excused,0.5,2,0.5,0.25,2,0.5,,,,,1,r2,w2.2,,because');
  const quoted = { ...trialOf(0, {}), reason: '=1, "2"' };
  expect(trialsCsv(definition, [quoted])).toContain(',w0,," =1, ""2"""\n');
  expect(JSON.parse(trialsJson(trials))).toMatchObject([
    { trial: 1, value: null, curves: [{ epoch: 1, seconds: 1.5 }, { epoch: 2 }] },
    { trial: 0, test_accuracy: 0.5, settings: { optimizer: 'sgd' } },
    { trial: 2 },
  ]);
});

test('what is on record of a study is what the study was told: losses turned, and running trials left out', () => {
  const running = trialOf(5, {}, { state: TrialState.RUNNING });
  expect(recordedResults(definition, [...trials, running])).toMatchObject([
    { seed: 2, losses: [Number.NaN, Number.NaN], outcome: 'diverged', seconds: [1.5, 1.5] },
    { seed: 1, losses: [-0.5, -0.5], outcome: 'complete' },
    { outcome: 'excused' },
  ]);
});

test('a cell is summed up over its complete trials', () => {
  const settings = { optimizer: 'sgd' };
  const seeds = [0.5, 0.6, 0.7].map((accuracy, seed) => trialOf(seed, settings, { accuracy, seed, cell: 0 }));
  const diverged = trialOf(3, settings, { state: TrialState.DIVERGED, cell: 0, accuracy: Number.NaN });
  const [summary, other] = cellSummaries([trialOf(4, { optimizer: 'adam' }, { cell: 1 }), diverged, ...seeds]);
  expect(summary).toMatchObject({ cell: 0, counts: { complete: 3, diverged: 1, waiting: 0 } });
  expect(summary?.assignment).toEqual(new Map([['optimizer', 'sgd']]));
  expect(summary?.validationAccuracy?.mean).toBeCloseTo(0.6, 12);
  expect(summary?.testAccuracy?.halfWidth).toBeCloseTo(4.3027 * (0.1 / Math.sqrt(3)), 6);
  expect(other?.value).toEqual({ mean: 0.5, halfWidth: undefined, count: 1 });
});

test.each([
  [2, 12.7062],
  [31, 2.0423],
  [41, 2.0211],
  [101, 1.984],
  [1001, 1.9623],
])('of %d values the interval has the quantile %d', (count, quantile) => {
  const values = Array.from({ length: count }, (_, index) => index);
  const error = Math.sqrt((count * (count + 1)) / 12 / count);
  expect((studentInterval(values)?.halfWidth ?? 0) / error).toBeCloseTo(quantile, 3);
  expect(studentInterval([Number.NaN])).toBeUndefined();
});
