import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import type { RunEffect, RunEvent } from './run-event.ts';
import { RunMachine } from './run-machine.ts';

/** Steps of two chunks over a star of three trainers, the first of which has none. */
class Star {
  readonly machine = new RunMachine({
    plan: {
      batch: { exampleCount: 80, globalBatch: 8, chunkSize: 4 },
      epochs: 1,
      evaluationExamples: { validation: 1, test: 1 },
    },
    ...{ minTrainers: 1, startTrainers: 3, transport: 'star', checkpoint: 0, recorded: [], generation: 0 },
  });

  constructor() {
    const trainers = ['a', 'b', 'c'].map(trainerId);
    for (const trainer of trainers) this.tell({ kind: 'trainer-assigned', trainer, reachable: true });
    for (const trainer of trainers) {
      this.tell({ kind: 'trainer-ready', trainer, position: 0, contributionBytes: 400, roundCount: 0 });
    }
  }

  tell(event: RunEvent): RunEffect['kind'][] {
    return this.machine.handle(event).map(({ kind }) => kind);
  }

  /** A trainer sends the chunk of the step in hand. */
  give(name: string, index: number): RunEffect['kind'][] {
    const { generation, position } = this.machine;
    const node = { level: 0, index };
    return this.tell({ kind: 'partial', trainer: trainerId(name), generation, position, node });
  }
}

test('a step is not committed while too many updates are on their way to a trainer, but as soon as they are not', () => {
  const star = new Star();
  expect([star.give('b', 0), star.give('c', 1)]).toEqual([['accept-partial'], ['accept-partial', 'commit']]);
  star.tell({ kind: 'backlog', full: true });
  expect([star.give('b', 0), star.give('c', 1)]).toEqual([['accept-partial'], ['accept-partial']]);
  expect(star.machine.position).toBe(1);
  expect(star.tell({ kind: 'backlog', full: false })).toEqual(['commit']);
  expect(star.tell({ kind: 'backlog', full: false })).toEqual([]);
});

test('whoever is lost while a step waits for updates to be sent, nothing of it is computed again', () => {
  for (const lost of ['a', 'b']) {
    const star = new Star();
    star.tell({ kind: 'backlog', full: true });
    star.give('b', 0);
    star.give('c', 1);
    const effects = star.machine.handle({ kind: 'trainer-lost', trainer: trainerId(lost), reason: 'it is gone' });
    const own = [
      { trainer: 'a', chunks: [] },
      { trainer: 'b', chunks: [{ first: 0, end: 1 }] },
      { trainer: 'c', chunks: [{ first: 1, end: 2 }] },
    ];
    const regrouped = effects.filter(({ kind }) => kind === 'regroup');
    expect(regrouped).toMatchObject(own.filter(({ trainer }) => trainer !== lost));
    expect(star.tell({ kind: 'backlog', full: false })).toEqual(['commit']);
  }
});
