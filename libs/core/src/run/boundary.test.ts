import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import { Boundary } from './boundary.ts';
import type { RunPlan } from './run-plan.ts';

const plan: RunPlan = {
  batch: { exampleCount: 6, globalBatch: 2, chunkSize: 1 },
  epochs: 2,
  evaluationExamples: { validation: 500, test: 250 },
};
const a = trainerId('a');
const b = trainerId('b');
const c = trainerId('c');
const members = [a, b];
const epochEnd = { position: 3, isEpochRecorded: false, isOver: false };
const withinEpoch = { position: 2, isEpochRecorded: true, isOver: false };

function evaluated(boundary: Boundary, by = members, digests: Readonly<Record<string, string>> = {}): void {
  for (const { trainer, split, chunks } of boundary.requests(by)) {
    const sums = chunks.flatMap(({ first, end }) =>
      Array.from({ length: end - first }, (_, i) => ({ index: first + i, loss: 250, correct: 125 })),
    );
    const weightsDigest = digests[trainer] ?? 'same';
    boundary.takeEvaluation({ trainer, position: boundary.position, split, chunks: sums, weightsDigest });
  }
}

test.each([
  ['within an epoch', 2, false, []],
  ['at the end of an epoch', 3, false, ['validation']],
  ['at the end of a recorded epoch', 3, true, []],
  ['at the end of the run', 6, false, ['validation', 'test']],
  ['at the end of a run whose last epoch is recorded', 6, true, ['test']],
])('%s: what is evaluated', (_, position, isEpochRecorded, splits) => {
  const boundary = new Boundary(plan, { position, isEpochRecorded, isOver: position === 6 }, members);
  expect(boundary.evaluations.map(({ split }) => split)).toEqual(splits);
});

test('a run that is over before its last epoch is evaluated as at its end', () => {
  const boundary = new Boundary(plan, { position: 3, isEpochRecorded: true, isOver: true }, members);
  expect(boundary.evaluations.map(({ split }) => split)).toEqual(['test']);
  evaluated(boundary);
  expect(boundary.advance(members, [])).toEqual([{ kind: 'leave' }]);
});

test('an epoch ends with evaluation, snapshot, checkpoint, and only then goes on', () => {
  const boundary = new Boundary(plan, epochEnd, members);
  expect(boundary.advance(members, [])).toEqual([]);
  evaluated(boundary);
  expect(boundary.advance(members, [])).toEqual([{ kind: 'request-snapshot', from: a }]);
  boundary.takeSnapshot(b, 3);
  boundary.takeSnapshot(a, 2);
  expect(boundary.advance(members, [])).toEqual([]);
  boundary.takeSnapshot(a, 3);
  expect(boundary.advance(members, [])).toEqual([{ kind: 'write-checkpoint' }]);
  boundary.takeCheckpoint(0);
  expect(boundary.advance(members, [])).toEqual([]);
  boundary.takeCheckpoint(3);
  expect(boundary.advance(members, [])).toEqual([{ kind: 'leave' }]);
  expect(boundary.results()).toEqual({
    validation: { loss: 1, accuracy: 0.5 },
    test: undefined,
    weightsDigest: 'same',
  });
});

test('newcomers get the snapshot, and the boundary waits for them until they answer or are gone', () => {
  const boundary = new Boundary(plan, withinEpoch, members);
  expect(boundary.advance(members, [c])).toEqual([{ kind: 'request-snapshot', from: a }]);
  boundary.takeSnapshot(a, 2);
  expect(boundary.advance(members, [c])).toEqual([{ kind: 'send-snapshot', to: [c] }]);
  expect(boundary.advance(members, [])).toEqual([]);
  boundary.synced(c);
  expect(boundary.advance(members, [])).toEqual([{ kind: 'leave' }]);
});

test('a pause without a purpose ends at once', () => {
  expect(new Boundary(plan, withinEpoch, members).advance(members, [])).toEqual([{ kind: 'leave' }]);
});

test('when the source of the snapshot is lost, another is asked', () => {
  const boundary = new Boundary(plan, withinEpoch, members);
  boundary.advance(members, [c]);
  boundary.withdraw(a, [b]);
  boundary.takeSnapshot(a, 2);
  expect(boundary.advance([b], [c])).toEqual([{ kind: 'request-snapshot', from: b }]);
});

test('what a lost member had yet to evaluate is asked of the others, and its digest is not awaited', () => {
  const boundary = new Boundary(plan, epochEnd, members);
  const answer = { position: 3, split: 'validation' as const, weightsDigest: 'same' };
  boundary.takeEvaluation({ ...answer, trainer: a, chunks: [{ index: 0, loss: 1, correct: 1 }] });
  expect(boundary.withdraw(b, [a])).toEqual([{ trainer: a, split: 'validation', chunks: [{ first: 1, end: 2 }] }]);
  expect(boundary.advance([a], [])).toEqual([]);
  boundary.takeEvaluation({ ...answer, trainer: a, chunks: [{ index: 1, loss: 1, correct: 1 }] });
  expect(boundary.advance([a], [])).toEqual([{ kind: 'request-snapshot', from: a }]);
});

test('an answer for another position changes nothing', () => {
  const boundary = new Boundary(plan, epochEnd, [a]);
  const chunks = [0, 1].map((index) => ({ index, loss: 1, correct: 1 }));
  boundary.takeEvaluation({ trainer: a, position: 2, split: 'validation', chunks, weightsDigest: 'x' });
  expect(boundary.advance([a], [])).toEqual([]);
});

test.each([
  ['the one that differs from most is', { b: 'other' }, [b]],
  ['all are, where none can be told to be right,', { a: 'one', b: 'two', c: 'three' }, [a, b, c]],
])('when replicas differ, %s named before anything is written', (_, digests, named) => {
  const boundary = new Boundary(plan, epochEnd, [a, b, c]);
  evaluated(boundary, [a, b, c], digests);
  expect(boundary.advance([a, b, c], [])).toEqual([{ kind: 'dissent', trainers: named }]);
});
