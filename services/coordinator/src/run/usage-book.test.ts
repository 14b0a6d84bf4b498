import { runId, trainerId } from '@weft/core';
import { expect, test } from 'vitest';
import { UsageBook } from './usage-book.ts';

const [r, s] = [runId('r'), runId('s')];
const [a, b] = [trainerId('a'), trainerId('b')];

test('trainers count from being given to being withdrawn, also those that are still there', () => {
  let nowMs = 0;
  const book = new UsageBook(() => nowMs);
  book.open(r, 'study');
  book.open(s, '');
  book.given(r, a);
  nowMs = 2000;
  book.given(r, b);
  nowMs = 3000;
  expect(book.ofRun(r).trainerSeconds).toBe(4);
  expect(book.withdrawn(a)).toBe(r);
  expect(book.withdrawn(a)).toBeUndefined();
  book.given(s, a);
  nowMs = 4000;
  expect([book.ofRun(r).trainerSeconds, book.ofGroup('study').trainerSeconds, book.ofGroup('').trainerSeconds]).toEqual(
    [5, 5, 1],
  );
});

test('steps since the last checkpoint are lost when a run goes back, those before are not', () => {
  const book = new UsageBook(() => 0);
  book.open(r, 'g');
  book.stepped(r, 2, 10);
  book.saved(r);
  book.stepped(r, 1, 5);
  book.rolledBack(r);
  book.rolledBack(r);
  expect(book.ofRun(r)).toEqual({ trainerSeconds: 0, stepSeconds: 2, lostSeconds: 1, examples: 10 });
});

test('what a run took stays with its group when the run is closed, once', () => {
  const book = new UsageBook(() => 0);
  for (let attempt = 0; attempt < 2; attempt++) {
    book.open(r, 'g');
    book.stepped(r, 2, 10);
    book.close(r);
    book.close(r);
  }
  expect(book.ofGroup('g')).toMatchObject({ stepSeconds: 4, examples: 20 });
  expect(book.ofRun(r)).toMatchObject({ stepSeconds: 0 });
  expect(book.ofGroup('h')).toMatchObject({ stepSeconds: 0 });
});
