import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import { Evaluation } from './evaluation.ts';

const a = trainerId('a');
const b = trainerId('b');

/** Sums whose total depends on the order of addition. */
function sumsOf(count: number): { index: number; loss: number; correct: number }[] {
  return Array.from({ length: count }, (_, index) => ({ index, loss: 10 ** ((index * 7) % 17) / 3, correct: index }));
}

test('means are over the examples of the split', () => {
  const evaluation = new Evaluation('validation', 600, 3, [a]);
  evaluation.take(
    a,
    [0, 1, 2].map((index) => ({ index, loss: 200, correct: 100 })),
  );
  expect(evaluation.ledger.complete).toBe(true);
  expect(evaluation.result()).toEqual({ loss: 1, accuracy: 0.5 });
});

test('chunks that were not given to the trainer, that have arrived, or that do not exist are ignored', () => {
  const evaluation = new Evaluation('test', 4, 4, [a, b]);
  const sum = (index: number, loss: number) => ({ index, loss, correct: 1 });
  evaluation.take(a, [sum(0, 1), sum(0, 100), sum(2, 100), sum(7, 100)]);
  evaluation.take(a, [sum(1, 1)]);
  evaluation.take(b, [sum(1, 100), sum(2, 1), sum(3, 1)]);
  expect(evaluation.ledger.complete).toBe(true);
  expect(evaluation.result()).toEqual({ loss: 1, accuracy: 1 });
});

test('sums are added in chunk order, whatever order they come in', () => {
  const all = sumsOf(20);
  const inOrder = all.reduce((total, { loss }) => total + loss, 0) / 20;
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 20, maxLength: 20 }), (arrival) => {
      const evaluation = new Evaluation('validation', 20, 20, [a, b]);
      for (const sums of arrival) evaluation.take(sums.index < 10 ? a : b, [sums]);
      expect(evaluation.result().loss).toBe(inOrder);
    }),
  );
});

test('counts of classes are added where chunks have them', () => {
  const evaluation = new Evaluation('test', 4, 2, [a]);
  const chunk = (index: number, ranks: number[]) => ({
    ...{ index, loss: 1, correct: 1 },
    classes: { ranks, confusion: [1, 0, 1, 0] },
  });
  evaluation.take(a, [chunk(1, [2, 0]), chunk(0, [1, 1])]);
  expect(evaluation.result().classes).toEqual({ ranks: [3, 1], confusion: [2, 0, 2, 0] });
});
