import { expect, test } from 'vitest';
import type { Sampler } from '../samplers/sampler.ts';
import { createPruner } from '../pruners/create-pruner.ts';
import { createSampler } from '../samplers/create-sampler.ts';
import { StudyCourse } from './study-course.ts';
import type { StudyDecision } from './study-decision.ts';
import type { StudyFact } from './study-fact.ts';
import type { StudyRules } from './study-rules.ts';

/** Proposes x = 0, 1, 2, ... and says which losses it knew; it is exhausted after ten. */
const witness: Sampler = {
  name: 'witness',
  learns: true,
  propose: ({ cell, history }) => {
    if (cell === 10) return { kind: 'exhausted', reason: 'ten are enough' };
    const known = history.flatMap(({ state, loss }) => (loss === undefined ? [] : [`${state} ${String(loss)}`]));
    return { kind: 'cell', assignment: new Map([['x', cell]]), reason: `knew ${known.join(', ') || 'nothing'}` };
  },
};

function rules(others: Partial<StudyRules> = {}): StudyRules {
  return {
    ...{ space: [{ name: 'x', kind: 'int', low: 0, high: 9, log: false }], sampler: witness, pruner: undefined },
    ...{ seed: 1, trialSeeds: [1], maxEpochs: 2, maxCells: undefined, concurrency: 2 },
    ...others,
  };
}

const open = { sampler: createSampler('grid') };
const asha = { pruner: createPruner('asha', { reductionFactor: 2 }) };

const epoch = (trial: number, number: number, loss: number): StudyFact => ({
  ...{ kind: 'epoch', trial, epoch: number, loss },
});
const ended = (trial: number, outcome: 'complete' | 'diverged' = 'complete'): StudyFact => ({
  ...{ kind: 'ended', trial, outcome },
});
const excused = (trial: number, reason = 'no memory'): StudyFact => ({ kind: 'excused', trial, reason });
/** All of a trial that is run to its end. */
const whole = (trial: number, ...losses: readonly number[]): StudyFact[] => [
  ...losses.map((loss, index) => epoch(trial, index + 1, loss)),
  ended(trial),
];

function lineOf(decision: StudyDecision): string {
  switch (decision.kind) {
    case 'propose': {
      const { trial, cell, seed, moment, reason } = decision.trial;
      return `at ${String(moment)} trial ${String(trial)} = cell ${String(cell)} seed ${String(seed)}: ${reason}`;
    }
    case 'stop':
      return `stop ${String(decision.trial)} after ${String(decision.epoch)}: ${decision.reason}`;
    case 'end':
      return `end: ${decision.reason}`;
  }
}

const tell = (course: StudyCourse, ...facts: readonly StudyFact[]): string[] =>
  facts.flatMap((fact) => course.take(fact)).map(lineOf);

test('a proposal sees what its moment says, not what has arrived', () => {
  const course = new StudyCourse(rules({ maxCells: 4 }));
  expect(course.start().map(lineOf)).toEqual([
    'at 0 trial 0 = cell 0 seed 1: knew nothing',
    'at 0 trial 1 = cell 1 seed 1: knew nothing',
  ]);
  expect(course.lagging).toEqual([0, 1]);
  expect(tell(course, ...whole(1, 0.9, 0.8))).toEqual([]);
  expect(course.lagging).toEqual([0]);
  expect(course.stateOf(1)).toBe('running');
  expect(tell(course, ...whole(0, 0.5, 0.4))).toEqual([
    'at 2 trial 2 = cell 2 seed 1: knew complete 0.4, complete 0.8',
    'at 2 trial 3 = cell 3 seed 1: knew complete 0.4, complete 0.8',
  ]);
  // Trial 2 diverges in its second epoch, trial 3 ended early after its first: both slots are free at 4.
  expect(tell(course, epoch(2, 1, 1), ended(2, 'diverged'), epoch(3, 1, 0.1), ended(3))).toEqual([
    'end: the study has as many cells as it may, 4',
  ]);
  expect(course.observations.map(({ state, loss }) => [state, loss])).toEqual([
    ...[
      ['complete', 0.4],
      ['complete', 0.8],
      ['diverged', undefined],
      ['complete', 0.1],
    ],
  ]);
  expect(course.progress).toEqual({ proposed: 4, over: 4, planned: 4 });
});

test('a trial is stopped where the others of its moment say so, and what it did since does not count', () => {
  const course = new StudyCourse(rules({ ...asha, maxCells: 2 }));
  course.start();
  expect(tell(course, ...whole(0, 0.9, 0.1))).toEqual([]);
  expect(course.speculative(0)).toBe(true);
  expect(course.speculative(1)).toBe(false);
  expect(tell(course, epoch(1, 1, 0.5))).toEqual([
    'stop 0 after 1: loss 0.9 is not among the best 1 of 2 trials after epoch 1, which end at 0.5',
  ]);
  expect([course.stateOf(0), course.lossesOf(0)]).toEqual(['pruned', [0.9]]);
  expect(tell(course, epoch(0, 2, 7), epoch(1, 2, 0.4), ended(1))).toEqual([
    'end: the study has as many cells as it may, 2',
  ]);
});

test('an open study proposes what is asked for, and ends when nothing is left', () => {
  const course = new StudyCourse(rules({ ...open, trialSeeds: [5, 6] }));
  expect(course.start()).toEqual([]);
  expect(
    course.demand(3).map((decision) => decision.kind === 'propose' && [decision.trial.cell, decision.trial.seed]),
  ).toEqual([
    ...[
      [0, 5],
      [0, 6],
      [1, 5],
    ],
  ]);
  expect([course.demand(3), course.lagging, course.progress.planned]).toEqual([[], [], undefined]);
  course.demand(50);
  expect(course.progress).toEqual({ proposed: 20, over: 0, planned: 20 });
  const lines = course.trials.flatMap(({ trial }) => tell(course, ...whole(trial, trial, trial)));
  expect(lines).toEqual(['end: all 10 cells of the grid were proposed']);
  expect(course.observations[3]).toMatchObject({ cell: 3, state: 'complete', loss: 6.5 });
});

test.each<[string, readonly StudyFact[], string]>([
  ['another loss', [epoch(0, 1, 0.5), epoch(0, 1, 0.25)], 'trial 0 epoch 1 has loss 0.25, but had 0.5 before'],
  ['another outcome', [...whole(0, 1, 1), ended(0, 'diverged')], 'trial 0 is diverged, but was complete'],
  ['a gap', [epoch(0, 2, 0.5)], 'trial 0 epoch 2 follows epoch 0'],
  ['an epoch after the end', [excused(0), epoch(0, 1, 1)], 'trial 0 epoch 1 comes after the end of the trial'],
  ['an epoch too many', [epoch(0, 1, 1), epoch(0, 2, 1), epoch(0, 3, 1)], 'trial 0 has more epochs than 2'],
  ['a trial that there is not', [epoch(9, 1, 1)], 'trial 9 was never proposed'],
])('%s is a bug', (_, facts, message) => {
  const course = new StudyCourse(rules());
  course.start();
  expect(() => tell(course, ...facts)).toThrow(message);
});

test('a closed study ends what it has begun, seeds included', () => {
  const course = new StudyCourse(rules({ trialSeeds: [1, 2, 3], maxEpochs: 1 }));
  course.start();
  tell(course, { kind: 'closed', reason: 'an hour is over' }, { kind: 'closed', reason: 'again' });
  expect(tell(course, ...whole(0, 3), ...whole(1, 3))).toEqual(['at 1 trial 2 = cell 0 seed 3: knew nothing']);
  expect(tell(course, ...whole(2, 3))).toEqual(['end: an hour is over']);
  expect(course.progress).toEqual({ proposed: 3, over: 3, planned: 3 });
});

test('an excuse that the clock has not come to is withdrawn by trying again; one that it has come to stays', () => {
  const course = new StudyCourse(rules({ maxCells: 3, maxEpochs: 1 }));
  course.start();
  tell(course, excused(1));
  expect(course.retry(1)).toEqual({ kind: 'retried', trial: 1, counts: true });
  expect(tell(course, ...whole(1, 0.5), excused(0))).toEqual(['at 1 trial 2 = cell 2 seed 1: knew complete 0.5']);
  expect(course.retry(0)).toEqual({ kind: 'retried', trial: 0, counts: false });
  expect(tell(course, ...whole(2, 0.1))).toEqual([]);
  expect(tell(course, ...whole(0, 0.2))).toEqual(['end: the study has as many cells as it may, 3']);
  expect([course.stateOf(0), course.observations[0]?.state]).toEqual(['excused', 'excused']);
  expect(() => course.retry(2)).toThrow('trial 2 is tried again, but it is not excused');
});

test('an excuse that the clock had come to is withdrawn too where more seeds have put the clock back before it', () => {
  const before = rules({ maxCells: 1 });
  const first = new StudyCourse(before);
  const decisions = first.start();
  expect(tell(first, excused(0))).toEqual(['end: the study has as many cells as it may, 1']);
  const facts = [excused(0), first.retry(0), excused(0)];
  expect(facts[1]).toMatchObject({ counts: false });
  // The end is none any more; the new trial takes its slot at the moment of the last decision.
  const course = StudyCourse.restore({ ...before, trialSeeds: [1, 2] }, decisions, facts, true);
  expect(course.start().map(lineOf)).toEqual(['at 0 trial 1 = cell 0 seed 2: knew nothing']);
  expect(course.retry(0)).toMatchObject({ counts: true });
  tell(course, ...whole(0, 0.9, 0.8), ...whole(1, 0.7, 0.6));
  expect([course.stateOf(0), course.stateOf(1)]).toEqual(['complete', 'complete']);
  expect(course.lagging).toEqual([]);
});

test('where nothing depends on results, an excused trial always counts again', () => {
  const course = new StudyCourse(rules({ ...open, maxCells: 1, maxEpochs: 1 }));
  course.demand(1);
  expect(tell(course, excused(0))).toEqual(['end: the study has as many cells as it may, 1']);
  expect(course.retry(0)).toEqual({ kind: 'retried', trial: 0, counts: true });
  expect(course.progress).toMatchObject({ over: 0 });
  expect(tell(course, ...whole(0, 1))).toEqual(['end: the study has as many cells as it may, 1']);
  expect(course.stateOf(0)).toBe('complete');
});

test('an extended study goes on where it ended: seeds first, then cells', () => {
  const course = new StudyCourse(rules({ maxCells: 2, maxEpochs: 1 }));
  course.start();
  expect(tell(course, ...whole(0, 1), ...whole(1, 2))).toEqual(['end: the study has as many cells as it may, 2']);
  expect(course.extend({ maxCells: 3, moreTrialSeeds: [7] }).map(lineOf)).toEqual([
    'at 1 trial 2 = cell 0 seed 7: knew nothing',
    'at 1 trial 3 = cell 1 seed 7: knew nothing',
  ]);
  expect(tell(course, ...whole(2, 3), ...whole(3, 3))).toEqual([
    'at 2 trial 4 = cell 2 seed 1: knew complete 2, complete 2.5',
    'at 2 trial 5 = cell 2 seed 7: knew complete 2, complete 2.5',
  ]);
  expect(tell(course, ...whole(4, 3), ...whole(5, 3))).toEqual(['end: the study has as many cells as it may, 3']);
  expect(course.progress).toEqual({ proposed: 6, over: 6, planned: 6 });
});

test('cells of several seeds are what their trials say together', () => {
  const course = new StudyCourse(rules({ ...open, trialSeeds: [1, 2], maxCells: 4, maxEpochs: 1 }));
  course.demand(8);
  tell(course, ...whole(0, 1), ...whole(1, 2), ...whole(2, 5), excused(3), ...whole(4, 1), ended(5, 'diverged'));
  tell(course, excused(6), excused(7));
  expect(course.observations.map(({ state, loss }) => [state, loss])).toEqual([
    ...[
      ['complete', 1.5],
      ['complete', 5],
      ['diverged', undefined],
      ['excused', undefined],
    ],
  ]);
});
