import { PhiloxStream } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prunerNames } from '../pruners/pruner-settings.ts';
import { StudyCourse, type CourseExtension } from './study-course.ts';
import type { StudyDecision } from './study-decision.ts';
import type { StudyFact } from './study-fact.ts';
import type { StudyRules } from './study-rules.ts';
import { resultOf, rulesOf } from './synthetic-study.fixture.ts';
import { factsOf } from './whatif.ts';

const window = 5;

/** A course with what is stored of it, which may be restored from that at any time. */
class StoredCourse {
  course: StudyCourse;
  rules: StudyRules;
  readonly decisions: StudyDecision[] = [];
  facts: StudyFact[] = [];

  constructor(rules: StudyRules) {
    this.rules = rules;
    this.course = new StudyCourse(rules);
    this.store(this.course.start());
  }

  store(decisions: readonly StudyDecision[]): void {
    this.decisions.push(...decisions, ...this.course.demand(window));
  }

  take(fact: StudyFact): void {
    this.facts.push(fact);
    this.store(this.course.take(fact));
  }

  retry(trial: number): void {
    this.facts.push(this.course.retry(trial));
  }

  extend(extension: CourseExtension): void {
    const { maxCells = this.rules.maxCells, moreTrialSeeds = [] } = extension;
    this.rules = { ...this.rules, maxCells, trialSeeds: [...this.rules.trialSeeds, ...moreTrialSeeds] };
    if (extension.maxCells !== undefined) this.facts = this.facts.filter(({ kind }) => kind !== 'closed');
    this.store(this.course.extend(extension));
  }

  /** Nothing was lost, so nothing is to be decided. */
  restore(): void {
    this.course = StudyCourse.restore(this.rules, this.decisions, this.facts);
    expect(this.course.start()).toEqual([]);
    expect(this.course.demand(window)).toEqual([]);
  }
}

/** Does the same to both courses: what it does follows from the dice and from how the first one stands. */
function doSomething(dice: PhiloxStream, first: StoredCourse, second: StoredCourse): void {
  const both = (act: (stored: StoredCourse) => void): void => [first, second].forEach(act);
  const { trials, progress } = first.course;
  const seeds = first.rules.trialSeeds;
  const told = new Set(first.facts.map((fact) => JSON.stringify(fact)));
  const excused = trials.filter(({ trial }) => {
    const last = first.facts.findLast((fact) => 'trial' in fact && fact.trial === trial);
    return last?.kind === 'excused' && first.course.stateOf(trial) !== 'pruned';
  });
  const what = dice.below(100);
  const retried = excused[dice.below(Math.max(1, excused.length))];
  if (what < 2) both((stored) => stored.take({ kind: 'closed', reason: 'no time is left' }));
  else if (what < 4) both((stored) => stored.extend({ maxCells: progress.proposed + 2 }));
  else if (what < 5) both((stored) => stored.extend({ moreTrialSeeds: [seeds.length + 10] }));
  else if (what < 12 && retried !== undefined) both((stored) => stored.retry(retried.trial));
  else {
    const waiting = trials.flatMap((trial) => {
      if (excused.includes(trial)) return [];
      const next = factsOf(trial.trial, resultOf(trial, first.rules.maxEpochs)).find(
        (fact) => !told.has(JSON.stringify(fact)),
      );
      return next === undefined ? [] : [next];
    });
    const fact = waiting[dice.below(Math.max(1, waiting.length))];
    if (fact === undefined || !('trial' in fact)) return;
    const isExcused = dice.below(12) === 0;
    both((stored) => stored.take(isExcused ? { kind: 'excused', trial: fact.trial, reason: 'lost' } : fact));
  }
}

test('a course that is restored again and again goes the way of one that never is, through extensions and retries', () => {
  const studies = fc.record({
    sampler: fc.constantFrom('grid', 'random', 'cmaes'),
    pruner: fc.constantFrom(undefined, ...prunerNames),
    chance: fc.nat(),
  });
  fc.assert(
    fc.property(studies, ({ sampler, pruner, chance }) => {
      const rules = rulesOf(sampler, pruner, { maxCells: 6, maxEpochs: 4 });
      const [steady, restarted] = [new StoredCourse(rules), new StoredCourse(rules)];
      const dice = new PhiloxStream(chance, 'simulation');
      for (let step = 0; step < 100; step++) {
        doSomething(dice, steady, restarted);
        if (dice.below(4) === 0) restarted.restore();
        expect(restarted.decisions).toEqual(steady.decisions);
        expect(restarted.course.progress).toEqual(steady.course.progress);
        expect(restarted.course.lagging).toEqual(steady.course.lagging);
        expect(restarted.course.observations).toEqual(steady.course.observations);
      }
    }),
    { numRuns: 40 },
  );
});

test('a restored course asks neither sampler nor pruner for what is on record', () => {
  const rules = rulesOf('random', 'asha', { maxCells: 12 });
  const course = new StoredCourse(rules);
  for (let next = 0; next < course.course.trials.length; next++) {
    const trial = course.course.trials[next];
    if (trial !== undefined) for (const fact of factsOf(next, resultOf(trial, rules.maxEpochs))) course.take(fact);
  }
  const silent = (): never => {
    throw new Error('asked for what is on record');
  };
  const sampler = { ...rules.sampler, propose: silent };
  const pruner = rules.pruner === undefined ? undefined : { ...rules.pruner, judge: silent };
  const restored = StudyCourse.restore({ ...rules, sampler, pruner }, course.decisions, course.facts);
  expect(course.decisions.at(-1)?.kind).toBe('end');
  expect(restored.start()).toEqual([]);
  expect(restored.observations).toEqual(course.course.observations);
});
