import { PhiloxStream } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prunerNames } from '../pruners/pruner-settings.ts';
import { samplerNames } from '../samplers/sampler-settings.ts';
import type { RecordedResult } from './recorded-result.ts';
import { StudyCourse } from './study-course.ts';
import type { StudyDecision } from './study-decision.ts';
import type { StudyFact } from './study-fact.ts';
import type { StudyRules } from './study-rules.ts';
import { resultOf, rulesOf } from './synthetic-study.fixture.ts';
import { factsOf, whatIf } from './whatif.ts';

/** What happens next in a study that is executed for real. */
interface Cluster {
  /** Trials that are tried at a time where all may begin at once. */
  readonly window: number;
  /** How often the coordinator restarts; after so many events on average. */
  readonly restarts: number;
  readonly eventsToRestart: number;
  /** Per mille of facts: one is told again. */
  readonly repeats: number;
  readonly chance: number;
}

const clusters: fc.Arbitrary<Cluster> = fc.record({
  window: fc.integer({ min: 1, max: 40 }),
  restarts: fc.constantFrom(0, 1, 8),
  eventsToRestart: fc.constantFrom(2, 10, 50),
  repeats: fc.constantFrom(0, 100),
  chance: fc.nat(),
});

const studies: fc.Arbitrary<StudyRules> = fc
  .record({
    sampler: fc.constantFrom(...samplerNames),
    pruner: fc.constantFrom(undefined, ...prunerNames),
    seed: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    concurrency: fc.integer({ min: 1, max: 7 }),
    maxCells: fc.constantFrom(1, 12, 25, 60),
    maxEpochs: fc.constantFrom(1, 4, 10),
    trialSeeds: fc.constantFrom([5], [5, 9], [1, 2, 3]),
  })
  .map(({ sampler, pruner, ...others }) => rulesOf(sampler, pruner, others));

/** Executes a study: facts arrive in any order, some twice, and restarts lose what was not persisted. */
function execute(rules: StudyRules, cluster: Cluster): readonly StudyDecision[] {
  const dice = new PhiloxStream(cluster.chance, 'simulation', 1);
  let course = new StudyCourse(rules);
  let decisions = course.start();
  const results: StudyFact[][] = [];
  const position: number[] = [];
  let restarts = cluster.restarts;
  for (;;) {
    decisions.push(...course.demand(cluster.window));
    if (decisions.at(-1)?.kind === 'end') return decisions;
    if (restarts > 0 && dice.below(cluster.eventsToRestart) === 0) {
      restarts--;
      // The log may have lost its end, and facts theirs, but never a fact of a trial whose proposal is there.
      decisions = decisions.slice(0, decisions.length - dice.below(Math.min(4, decisions.length + 1)));
      const proposed = decisions.filter(({ kind }) => kind === 'propose').length;
      for (const trial of position.keys()) {
        position[trial] = trial < proposed ? Math.max(0, (position[trial] ?? 0) - dice.below(3)) : 0;
      }
      const told = results.flatMap((facts, trial) => facts.slice(0, position[trial]));
      course = StudyCourse.restore(rules, decisions, told);
      decisions.push(...course.start());
      continue;
    }
    for (const { trial, assignment, seed } of course.trials.slice(results.length)) {
      results.push(factsOf(trial, resultOf({ assignment, seed }, rules.maxEpochs)));
      position.push(0);
    }
    const waiting = course.trials.filter(({ trial }) => (position[trial] ?? 0) < (results[trial]?.length ?? 0));
    expect(waiting, 'the study waits for nothing').not.toEqual([]);
    const { trial } = waiting[dice.below(waiting.length)] ?? { trial: 0 };
    const next = position[trial] ?? 0;
    const again = next > 0 && dice.below(1000) < cluster.repeats;
    const fact = results[trial]?.[again ? next - 1 : next];
    if (fact === undefined) continue;
    if (!again) position[trial] = next + 1;
    decisions.push(...course.take(fact));
  }
}

/** The full record of a study: every trial that it came to, run to its end. */
function recordOf(decisions: readonly StudyDecision[], maxEpochs: number): RecordedResult[] {
  return decisions.flatMap((decision) => (decision.kind === 'propose' ? [resultOf(decision.trial, maxEpochs)] : []));
}

test('whatever the order of arrival, whoever restarts, the decisions are those that the record alone gives', () => {
  fc.assert(
    fc.property(studies, clusters, (rules, cluster) => {
      const decisions = execute(rules, cluster);
      const replayed = whatIf(rules, recordOf(decisions, rules.maxEpochs));
      expect(replayed.missing).toEqual([]);
      expect(replayed.decisions).toEqual(decisions);
    }),
    { numRuns: 100 },
  );
});
