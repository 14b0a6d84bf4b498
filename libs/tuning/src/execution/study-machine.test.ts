import { PhiloxStream, type ErrorCode } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StudyCourse, type StudyDecision, type StudyFact, type StudyRules } from '../course/study-course.ts';
import { createPruner } from '../pruners/create-pruner.ts';
import { createSampler } from '../samplers/create-sampler.ts';
import { judgeFailure } from './failure-verdict.ts';
import type { StudyEffect, StudyEvent } from './study-event.ts';
import { StudyMachine, type RecordedTrial } from './study-machine.ts';

const maxEpochs = 4;
const maxAttempts = 3;

function rules(change: Partial<StudyRules> = {}): StudyRules {
  return {
    space: [
      { kind: 'categorical', name: 'a', choices: [1, 2, 3] },
      { kind: 'categorical', name: 'b', choices: ['x', 'y'] },
    ],
    sampler: createSampler('grid', {}),
    pruner: undefined,
    seed: 1,
    trialSeeds: [1, 2],
    maxEpochs,
    maxCells: undefined,
    concurrency: 3,
    ...change,
  };
}

const machineOf = (course: StudyCourse, window = 100): StudyMachine =>
  new StudyMachine(course, { maxAttempts, window });
const kinds = (effects: readonly StudyEffect[], kind: StudyEffect['kind']): StudyEffect[] =>
  effects.filter((effect) => effect.kind === kind);
const started = (effects: readonly StudyEffect[]): number[] =>
  effects.flatMap((effect) => (effect.kind === 'start' ? [effect.trial] : []));

/** The loss of a trial after an epoch: as exact as the result of a run is. */
const lossOf = (trial: number, epoch: number): number => ((trial * 7919) % 13) / 13 + 1 / epoch;

function finish(machine: StudyMachine, trial: number): StudyEffect[] {
  const effects: StudyEffect[] = [];
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    effects.push(...machine.handle({ kind: 'epoch', trial, epoch, loss: lossOf(trial, epoch) }));
  }
  return [...effects, ...machine.handle({ kind: 'run-ended', trial, end: { kind: 'finished' } })];
}

test('a grid is asked for as a whole, and has ended when each trial has a result', () => {
  const machine = machineOf(new StudyCourse(rules()));
  expect(started(machine.handle({ kind: 'began' }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const last = Array.from({ length: 12 }, (_, trial) => finish(machine, trial)).at(-1) ?? [];
  expect(machine.trials.map(({ phase }) => phase)).toEqual(Array.from({ length: 12 }, () => 'complete'));
  expect(last.at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
});

test('no more trials are asked for than the window has room for, and one more with each that ends', () => {
  const machine = machineOf(new StudyCourse(rules()), 4);
  expect(started(machine.handle({ kind: 'began' }))).toEqual([0, 1, 2, 3]);
  expect(started(finish(machine, 2))).toEqual([4]);
});

test.each<[ErrorCode, number, 'retry' | 'excuse', RegExp]>([
  ['unavailable', 1, 'retry', /attempt 1 of 3 failed: gone/],
  ['internal', 2, 'retry', /attempt 2 of 3/],
  ['timeout', 3, 'excuse', /attempt 3 of 3 failed, the last one: gone/],
  ['resource-exhausted', 1, 'excuse', /out of memory or disk at this size: gone/],
  ['invalid-argument', 1, 'excuse', /refused/],
  ['incompatible', 1, 'excuse', /no trainer can compute it/],
])('a failure %s after %i attempts: %s', (code, attempts, kind, reason) => {
  expect(judgeFailure(code, 'gone', attempts, maxAttempts)).toEqual({
    kind,
    reason: expect.stringMatching(reason) as string,
  });
});

test('a trial that fails is tried again until its attempts are used up, and is then excused with the reason', () => {
  const machine = machineOf(new StudyCourse(rules()));
  machine.handle({ kind: 'began' });
  const fail = (): StudyEffect[] =>
    machine.handle({ kind: 'run-ended', trial: 5, end: { kind: 'failed', code: 'unavailable', reason: 'gone' } });
  expect(started(fail())).toEqual([5]);
  expect(started(fail())).toEqual([5]);
  expect(started(fail())).toEqual([]);
  expect(machine.trials[5]).toEqual(expect.objectContaining({ phase: 'excused', attempts: 3 }));
  expect(machine.trials[5]?.reason).toContain('attempt 3 of 3 failed, the last one: gone');
});

test('an excused trial that is tried again on request gets its attempts anew, also after the study has ended', () => {
  const machine = machineOf(new StudyCourse(rules()));
  machine.handle({ kind: 'began' });
  const end = { kind: 'failed', code: 'resource-exhausted', reason: 'no memory' } as const;
  machine.handle({ kind: 'run-ended', trial: 0, end });
  for (let trial = 1; trial < 12; trial++) finish(machine, trial);
  expect(machine.trials[0]?.phase).toBe('excused');
  expect(started(machine.handle({ kind: 'retried', trials: [0] }))).toEqual([0]);
  const effects = finish(machine, 0);
  expect(machine.trials[0]?.phase).toBe('complete');
  expect(effects.at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished' });
});

test('a diverged run is a result, and a run that somebody cancelled is excused by that', () => {
  const machine = machineOf(new StudyCourse(rules()));
  machine.handle({ kind: 'began' });
  machine.handle({ kind: 'run-ended', trial: 0, end: { kind: 'diverged', reason: 'NaN in epoch 1, step 3' } });
  machine.handle({ kind: 'run-ended', trial: 1, end: { kind: 'cancelled', reason: 'by hand' } });
  expect(machine.trials[0]).toMatchObject({ phase: 'diverged', reason: 'NaN in epoch 1, step 3', attempts: 1 });
  expect(machine.trials[1]).toMatchObject({ phase: 'excused', reason: 'its run was cancelled: by hand' });
});

test('a paused study ends its runs and asks for none; resumed, it asks for the same again, which is no new attempt', () => {
  const machine = machineOf(new StudyCourse(rules()), 3);
  machine.handle({ kind: 'began' });
  const paused = machine.handle({ kind: 'paused' });
  expect(kinds(paused, 'stop')).toHaveLength(3);
  expect(
    started(machine.handle({ kind: 'run-ended', trial: 0, end: { kind: 'cancelled', reason: 'paused' } })),
  ).toEqual([]);
  expect(started(machine.handle({ kind: 'resumed' }))).toEqual([0, 1, 2]);
  expect(machine.trials.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

test('a cancelled study excuses what has no result, and ends at once', () => {
  const machine = machineOf(new StudyCourse(rules()), 3);
  machine.handle({ kind: 'began' });
  finish(machine, 0);
  const effects = machine.handle({ kind: 'cancelled', reason: 'enough' });
  expect(machine.trials.map(({ phase }) => phase)).toEqual(['complete', 'excused', 'excused', 'excused']);
  expect(effects.at(-1)).toEqual({ kind: 'ended', outcome: 'cancelled', reason: 'enough' });
  expect(machine.handle({ kind: 'resumed' })).toEqual([]);
});

test('a closed study finishes the cells that were proposed, and proposes no more', () => {
  const machine = machineOf(new StudyCourse(rules()), 3);
  machine.handle({ kind: 'began' });
  machine.handle({ kind: 'closed', reason: 'its time is over' });
  // The second seed of the second cell belongs to what was proposed.
  const effects = [0, 1, 2, 3].flatMap((trial) => finish(machine, trial));
  expect(machine.trials).toHaveLength(4);
  expect(effects.at(-1)).toMatchObject({ kind: 'ended', outcome: 'finished', reason: 'its time is over' });
});

const withAsha = (): StudyRules =>
  rules({ sampler: createSampler('random', {}), maxCells: 9, pruner: createPruner('asha', {}) });
const noMemory = { kind: 'failed', code: 'resource-exhausted', reason: 'no memory' } as const;

test('a cancelled study excuses all seeds of the cells that have begun, and asks for nothing any more', () => {
  const machine = machineOf(new StudyCourse(rules()), 3);
  machine.handle({ kind: 'began' });
  const effects = machine.handle({ kind: 'cancelled', reason: 'enough' });
  expect(machine.trials.map(({ phase }) => phase)).toEqual(['excused', 'excused', 'excused', 'excused']);
  expect([machine.planned, started(effects)]).toEqual([4, []]);
});

test('an excused trial that is tried again gets a paused study to go on', () => {
  const machine = machineOf(new StudyCourse(rules()), 3);
  machine.handle({ kind: 'began' });
  machine.handle({ kind: 'run-ended', trial: 1, end: noMemory });
  machine.handle({ kind: 'paused' });
  expect(started(machine.handle({ kind: 'retried', trials: [] }))).toEqual([0, 1, 2, 3]);
});

test('what a run computes that people let go on, though its trial is over, is not looked at', () => {
  const machine = machineOf(new StudyCourse(withAsha()));
  machine.handle({ kind: 'began' });
  machine.handle({ kind: 'run-ended', trial: 0, end: { kind: 'cancelled', reason: 'by hand' } });
  // The others have not come so far: to the study it is not over yet.
  expect(machine.trials[0]?.phase).toBe('computed');
  expect(machine.handle({ kind: 'epoch', trial: 0, epoch: 1, loss: 1 })).toEqual([]);
  expect(machine.handle({ kind: 'run-ended', trial: 0, end: { kind: 'finished' } })).toEqual([]);
});

test('a restored machine asks for no run whose end is on record, and records no epoch twice', () => {
  const machine = machineOf(new StudyCourse(withAsha()));
  const effects = [
    machine.handle({ kind: 'began' }),
    machine.handle({ kind: 'run-ended', trial: 0, end: noMemory }),
    machine.handle({ kind: 'epoch', trial: 1, epoch: 1, loss: 1 }),
  ].flat();
  const records = effects.flatMap((effect) => (effect.kind === 'record' ? [effect] : []));
  const restored = machineOf(
    StudyCourse.restore(
      withAsha(),
      records.flatMap(({ decisions }) => decisions),
      records.flatMap(({ facts }) => facts),
    ),
  );
  expect(started(restored.handle({ kind: 'began' }))).toEqual([1, 2]);
  expect(restored.trials[0]?.phase).toBe('computed');
  expect(restored.handle({ kind: 'epoch', trial: 1, epoch: 1, loss: 1 })).toEqual([]);
});

test('a loss of negative zero is the zero that a store makes of it, also when it is told again after a restart', () => {
  const machine = machineOf(new StudyCourse(rules()));
  const began = machine.handle({ kind: 'began' });
  const zero = { kind: 'epoch', trial: 0, epoch: 1, loss: -0 } as const;
  const fact = { ...zero, loss: 0 };
  expect(kinds(machine.handle(zero), 'record')).toEqual([{ kind: 'record', facts: [fact], decisions: [] }]);
  const decisions = began.flatMap((effect) => (effect.kind === 'record' ? effect.decisions : []));
  const restored = machineOf(StudyCourse.restore(rules(), decisions, [fact]));
  restored.handle({ kind: 'began' });
  expect(restored.handle(zero)).toEqual([]);
});

test('attempts from before a trial was tried again on request do not count after a restart either', () => {
  const course = new StudyCourse(rules());
  machineOf(course, 1).handle({ kind: 'began' });
  const recorded = new Map([[0, { attempts: maxAttempts, attemptsBefore: maxAttempts }]]);
  const machine = new StudyMachine(course, { maxAttempts, window: 1 }, recorded);
  machine.handle({ kind: 'began' });
  machine.handle({ kind: 'run-ended', trial: 0, end: { kind: 'failed', code: 'unavailable', reason: 'gone' } });
  expect(machine.trials[0]).toMatchObject({ phase: 'on', reason: 'attempt 1 of 3 failed: gone' });
});

test('a run that is asked for again is told its urgency again', () => {
  const machine = machineOf(new StudyCourse(withAsha()));
  machine.handle({ kind: 'began' });
  const lost = { kind: 'failed', code: 'unavailable', reason: 'gone' } as const;
  expect(kinds(machine.handle({ kind: 'run-ended', trial: 1, end: lost }), 'urge')).toEqual([
    { kind: 'urge', trials: [0, 1, 2] },
  ]);
});

const execution = { maxAttempts: 1000, window: 5 };
/** Its run has no memory for its second epoch, whenever it is tried. */
const tooLarge = 2;

/** A cluster that executes what the machine asks for, in an order, with failures and restarts that `random` decides. */
class Executor {
  readonly #random: PhiloxStream;
  readonly #rules: StudyRules;
  readonly #facts: StudyFact[] = [];
  readonly #decisions: StudyDecision[] = [];
  readonly #recorded = new Map<number, RecordedTrial>();
  readonly #on = new Set<number>();
  /** Epochs that each run has computed: what is computed is never lost. */
  readonly #epochs = new Map<number, number>();
  #machine: StudyMachine;
  #over = false;

  constructor(studyRules: StudyRules, seed: number) {
    this.#rules = studyRules;
    this.#random = new PhiloxStream(seed, 'simulation');
    this.#machine = new StudyMachine(new StudyCourse(studyRules), execution);
  }

  run(): StudyMachine {
    this.#post({ kind: 'began' });
    for (let turn = 0; !this.#over; turn++) {
      if (turn > 10_000) throw new Error('the study does not end');
      const what = this.#random.below(20);
      if (what === 0) this.#restart();
      else if (what === 1) this.#pauseAndResume();
      else this.#work(what === 2);
    }
    return this.#machine;
  }

  #work(fails: boolean): void {
    const trials = [...this.#on].sort((a, b) => a - b);
    const trial = trials[this.#random.below(Math.max(1, trials.length))];
    if (trial === undefined) throw new Error('nothing is on, and the study has not ended');
    if (fails && this.#random.below(4) === 0) {
      this.#on.delete(trial);
      this.#post({ kind: 'run-ended', trial, end: { kind: 'failed', code: 'unavailable', reason: 'lost' } });
      return;
    }
    const epoch = (this.#epochs.get(trial) ?? 0) + 1;
    if (trial === tooLarge && epoch === 2) {
      this.#on.delete(trial);
      this.#post({ kind: 'run-ended', trial, end: noMemory });
      return;
    }
    this.#epochs.set(trial, epoch);
    this.#post({ kind: 'epoch', trial, epoch, loss: lossOf(trial, epoch) });
    this.#endIfDone(trial);
  }

  #endIfDone(trial: number): void {
    if ((this.#epochs.get(trial) ?? 0) < maxEpochs || !this.#on.delete(trial)) return;
    this.#post({ kind: 'run-ended', trial, end: { kind: 'finished' } });
  }

  #pauseAndResume(): void {
    this.#post({ kind: 'paused' });
    this.#post({ kind: 'resumed' });
  }

  #restart(): void {
    const last = this.#decisions.findLast(({ kind }) => kind === 'end');
    this.#on.clear();
    this.#machine = new StudyMachine(
      StudyCourse.restore(this.#rules, [...this.#decisions], [...this.#facts]),
      execution,
      this.#recorded,
      last?.kind === 'end' ? last.reason : undefined,
    );
    this.#post({ kind: 'began' });
  }

  #post(event: StudyEvent): void {
    const asked: number[] = [];
    for (const effect of this.#machine.handle(event)) {
      if (effect.kind === 'record') {
        this.#facts.push(...effect.facts);
        this.#decisions.push(...effect.decisions);
        for (const decision of effect.decisions) {
          if (decision.kind !== 'stop') continue;
          const { trial, reason } = decision;
          this.#recorded.set(trial, { attempts: 1, ...this.#recorded.get(trial), reason });
        }
      } else if (effect.kind === 'record-attempt') {
        this.#recorded.set(effect.trial, { ...this.#recorded.get(effect.trial), attempts: effect.attempt });
      } else if (effect.kind === 'start') {
        expect(this.#on.has(effect.trial)).toBe(false);
        this.#on.add(effect.trial);
        asked.push(effect.trial);
      } else if (effect.kind === 'stop') this.#on.delete(effect.trial);
      else if (effect.kind === 'ended') this.#over = true;
    }
    // To start a run is to be told what it has computed already.
    for (const trial of asked) {
      for (let epoch = 1; epoch <= (this.#epochs.get(trial) ?? 0); epoch++) {
        if (this.#on.has(trial)) this.#post({ kind: 'epoch', trial, epoch, loss: lossOf(trial, epoch) });
      }
      this.#endIfDone(trial);
    }
  }
}

test.each([
  ['a grid', rules()],
  ['random search with ASHA', withAsha()],
  [
    'TPE with the median pruner',
    rules({ sampler: createSampler('tpe', {}), maxCells: 8, pruner: createPruner('median', {}) }),
  ],
])(
  '%s: every trial gets one result, the same in whatever order, with whatever failures and restarts',
  (_, studyRules) => {
    const outcome = (seed: number): unknown => {
      const machine = new Executor(studyRules, seed).run();
      return machine.trials.map(({ phase, reason }) => [phase, phase === 'pruned' ? reason : '']);
    };
    const expected = outcome(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        expect(outcome(seed)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  },
);
