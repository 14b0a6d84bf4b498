import { expect, test } from 'vitest';
import { steadyRate, trainedExamples, windowRates, type TrainingMark } from './steady-rate.ts';

/** Marks four times a second of a run at `rate(second)` examples a second, in epochs of `epochSeconds`. */
function marksOf(seconds: number, epochSeconds: number, rate: (second: number) => number): TrainingMark[] {
  const marks: TrainingMark[] = [];
  let examples = 0;
  for (let quarter = 1; quarter <= seconds * 4; quarter++) {
    const first = (quarter - 1) % (epochSeconds * 4) === 0;
    examples = (first ? 0 : examples) + rate((quarter - 1) / 4) / 4;
    const epoch = Math.floor((quarter - 1) / (epochSeconds * 4));
    marks.push({ epoch: epoch + 1, examples, seconds: quarter / 4 - epoch * epochSeconds });
  }
  return marks;
}

const rule = { warmUpSeconds: 2, windowSeconds: 1 };

test('a slow start is left out', () => {
  const marks = marksOf(8, 100, (second) => (second < 2 ? 10 : 1000));
  expect(windowRates(marks, rule)).toEqual([1000, 1000, 1000, 1000, 1000, 1000]);
});

test('windows go on across epochs, however short the epochs are', () => {
  const marks = marksOf(6, 0.5, () => 400);
  expect(windowRates(marks, rule)).toEqual([400, 400, 400, 400]);
});

test('one disturbed window does not move the steady rate', () => {
  const marks = marksOf(9, 100, (second) => (second >= 4 && second < 5 ? 100 : 1000));
  expect(steadyRate(marks, rule)).toBe(1000);
});

test('a run that ends within its warm-up has no steady rate', () => {
  expect(
    windowRates(
      marksOf(1, 100, () => 1000),
      rule,
    ),
  ).toEqual([]);
  expect(steadyRate([], rule)).toBeNaN();
});

test('the examples of past epochs add up with those of the epoch in hand', () => {
  expect(trainedExamples(marksOf(7, 3, () => 100))).toBe(700);
  expect(trainedExamples([])).toBe(0);
});
