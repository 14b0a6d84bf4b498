import fc from 'fast-check';
import { expect, test } from 'vitest';
import { someEpoch, someProgress, someStatus } from '../run/figures.fixture.ts';
import { bar, epochLine, headLines, progressLine, statusLine } from './progress-line.ts';
import { remainingSeconds } from './remaining-time.ts';

test('the live line has bar, steps, speed, loss, accuracy and remaining time', () => {
  expect(progressLine(someStatus, someProgress, 120)).toBe(
    'epoch  3/10  ██████████           211/422  45,679 ex/s  loss 0.7123  acc 0.7568  ETA 8.9 s',
  );
});

test('a narrow terminal loses the bar first, then the end of the line', () => {
  expect(progressLine(someStatus, someProgress, 72)).toBe(
    'epoch  3/10  211/422  45,679 ex/s  loss 0.7123  acc 0.7568  ETA 8.9 s',
  );
  expect(progressLine(someStatus, someProgress, 40)).toHaveLength(39);
});

test('the line of an epoch ends with validation and the remaining time', () => {
  expect(epochLine(someStatus, someEpoch)).toBe(
    'epoch  3/10    1.2 s    43,548 ex/s  loss 0.7012  acc 0.7654  val loss 0.6800  val acc 0.7712  ETA 8.7 s',
  );
  expect(epochLine(someStatus, { ...someEpoch, epoch: 10 })).not.toContain('ETA');
});

test('the head says what is trained, with the settings that are not zero', () => {
  expect(headLines(someStatus, '2 local trainers')).toEqual([
    'run run-1: initial-nn on fashion-mnist with 2 local trainers',
    '  54,000 / 6,000 / 10,000 examples to train, validate, test',
    '  sgd, learning rate 0.01, momentum 0.9',
    '  batch 128 in chunks of 32, 10 epochs, seed 1',
  ]);
});

test('synthetic data is said in the head', () => {
  const dataSet = { ...someStatus.dataSet, name: 'synthetic-fashion', synthetic: true };
  expect(headLines({ ...someStatus, dataSet }, '1 local trainer').join('\n')).toContain('synthetic data:');
});

test('the status line has the reason where there is one', () => {
  expect(statusLine(someStatus)).toBe('running: training on 2 trainers');
  expect(statusLine({ ...someStatus, reason: '' })).toBe('running');
});

test('a bar always has its width and grows with the share', () => {
  const share = fc.double({ min: -1, max: 2, noNaN: true });
  fc.assert(
    fc.property(share, share, fc.integer({ min: 1, max: 60 }), (a, b, width) => {
      const filled = (text: string): number => text.trimEnd().length;
      expect(bar(a, width)).toHaveLength(width);
      expect(filled(bar(Math.min(a, b), width))).toBeLessThanOrEqual(filled(bar(Math.max(a, b), width)));
    }),
  );
  expect(bar(0, 4)).toBe('    ');
  expect(bar(1, 4)).toBe('████');
  expect(bar(0.53, 4)).toBe('██▏ ');
});

test.each([
  [{ epoch: 1, step: 0 }, 10],
  [{ epoch: 1, step: 50 }, 9.5],
  [{ epoch: 10, step: 100 }, 0],
  [{ epoch: 10, step: 120 }, 0],
])('at %o of 10 epochs of 100 steps, %d epochs remain', (at, epochs) => {
  const run = { epochs: 10, dataSet: { ...someStatus.dataSet, trainExamples: 1000 } };
  const progress = { ...at, stepsPerEpoch: 100, examplesPerSecond: 500 };
  expect(remainingSeconds(run, progress)).toBeCloseTo((epochs * 1000) / 500);
});

test.each([0, Number.NaN, -1, Number.POSITIVE_INFINITY])('at a rate of %d nothing is promised', (examplesPerSecond) => {
  expect(remainingSeconds(someStatus, { ...someProgress, examplesPerSecond })).toBeUndefined();
});
