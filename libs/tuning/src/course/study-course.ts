/**
 * Decides the course of a study: which trials there are, in which order, and when each is over.
 *
 * Decisions are made on a logical clock, not when results happen to arrive. The study has `concurrency` slots; a trial takes one
 * slot, and one unit of time an epoch. At one moment, first the epochs and ends of all trials are taken in, then verdicts are
 * made, then free slots are filled, each in the order of trial numbers. So every proposal and every verdict sees exactly what the
 * configuration says it sees, however many trainers there are, however fast each is, and whoever was killed meanwhile: the whole
 * study is a function of its definition and of the exact results of its trials.
 * Results that are not there yet are waited for; those that are there early are kept until their moment.
 * Where nothing depends on results (a sampler that does not learn, no pruner), nothing waits: every trial may begin at once.
 */
import { invariant } from '@weft/core';
import type { Curve } from '../pruners/pruner.ts';
import type { CellObservation } from '../samplers/sampler.ts';
import { DecisionMaker } from './decision-maker.ts';
import type { CourseTrial, StudyDecision } from './study-decision.ts';
import type { StudyFact } from './study-fact.ts';
import { checkRules, type StudyRules } from './study-rules.ts';
import type { TrialRecord } from './trial-record.ts';

export type { CourseTrial, StudyDecision } from './study-decision.ts';
export type { StudyFact } from './study-fact.ts';
export type { StudyRules } from './study-rules.ts';

/** How far a study has come, in trials. */
export interface CourseProgress {
  readonly proposed: number;
  /** Of those proposed, as far as they count already. */
  readonly over: number;
  /** Those that there will be; `undefined` where that is not known yet. */
  readonly planned: number | undefined;
}

/** What a study gets beyond its rules. */
export interface CourseExtension {
  /** Instead of those of the rules; no fewer. */
  readonly maxCells?: number;
  /** For all cells; distinct from those that there are. */
  readonly moreTrialSeeds?: readonly number[];
}

/**
 * The course of one study. Told facts, it returns decisions, which are to be persisted together with the facts before anything
 * is done about them. Each method that returns decisions returns all that were made since the last one did.
 */
export class StudyCourse {
  readonly #maker: DecisionMaker;

  constructor(rules: StudyRules, record: readonly StudyDecision[] = []) {
    checkRules(rules);
    this.#maker = new DecisionMaker(rules, record);
  }

  /**
   * The course that took `decisions` and was told `facts`, those of one trial in their order. Facts that were lost may be told
   * again. Decides nothing that is not on record, and asks neither sampler nor pruner: what comes after is decided by `start`.
   * `isExtended`: the rules are larger than those of the last decision, so that an end on record is none any more.
   */
  static restore(
    rules: StudyRules,
    decisions: readonly StudyDecision[],
    facts: Iterable<StudyFact>,
    isExtended = false,
  ): StudyCourse {
    const course = new StudyCourse(rules, decisions);
    for (const fact of facts) course.#maker.hear(fact);
    course.#maker.advance(false);
    if (isExtended) course.#maker.undoEnd();
    return course;
  }

  /** All trials, by number. */
  get trials(): readonly CourseTrial[] {
    return this.#maker.proposals;
  }

  /** What is known of each cell, by number; it changes as the course goes on. */
  get observations(): readonly CellObservation[] {
    return this.#maker.cells.observations;
  }

  get progress(): CourseProgress {
    const { over, rules, trials, mostCells } = this.#maker;
    const planned = mostCells === undefined ? undefined : mostCells * rules.trialSeeds.length;
    return { proposed: trials.length, over, planned };
  }

  /** The trials that the clock waits for right now, most urgent first; none where nothing waits for anything. */
  get lagging(): readonly number[] {
    return this.#maker.clock?.lagging ?? [];
  }

  /** How the trial stands as far as its results count already: one that has ended may still be stopped at an earlier epoch. */
  stateOf(trial: number): Curve['state'] {
    return this.#maker.trialOf(trial).state;
  }

  /** Epochs of the trial whose results are there, whether they count already or not. */
  knownEpochsOf(trial: number): number {
    return this.#maker.trialOf(trial).knownEpochs;
  }

  /** Whether it is known how the trial ended, whether that counts already or not. */
  isEndKnown(trial: number): boolean {
    return this.#maker.trialOf(trial).isEndKnown;
  }

  /** The losses of the trial that count already, one an epoch. */
  lossesOf(trial: number): readonly number[] {
    return this.#maker.trialOf(trial).losses;
  }

  /** Whether what the trial computes now may turn out not to count: a verdict on an earlier epoch is still to come. */
  speculative(trial: number): boolean {
    const { pruner, seed, maxEpochs } = this.#maker.rules;
    const { state, losses, knownEpochs }: TrialRecord = this.#maker.trialOf(trial);
    if (pruner === undefined || state !== 'running') return false;
    for (let epoch = losses.length + 1; epoch <= Math.min(knownEpochs, maxEpochs - 1); epoch++) {
      if (pruner.decidesAfter(epoch, { trial, maxEpochs, seed })) return true;
    }
    return false;
  }

  /** The first decisions; of a restored course, those that were not on record. */
  start(): StudyDecision[] {
    return this.#decide();
  }

  /** Proposes trials until `count` are not over, where all may begin at once; elsewhere the clock says when trials begin. */
  demand(count: number): StudyDecision[] {
    this.#maker.demand(count);
    return this.#decide();
  }

  /**
   * Takes a fact, and decides what follows. Facts of different trials come in any order, and before their moment or at it; a
   * repeat changes nothing; one that says something else than before is a bug and throws. Facts after a stop are not looked at.
   */
  take(fact: StudyFact): StudyDecision[] {
    this.#maker.hear(fact);
    return this.#decide();
  }

  /**
   * Tries an excused trial again. Returns the fact of it, for the record; the course has taken it.
   *
   * It counts where the course has decided nothing by the excuse: the clock has not come to it, or there is no clock. Elsewhere the
   * trial stays excused for the course, which only waits for it before it ends.
   */
  retry(trial: number): Extract<StudyFact, { kind: 'retried' }> {
    const record = this.#maker.trialOf(trial);
    if (this.#maker.clock === undefined && record.state === 'excused') this.#maker.reopen(record);
    const fact = record.retried();
    this.#maker.hear(fact);
    return fact;
  }

  /**
   * More cells go on where the study is now, as if it had not ended or been closed; more seeds are tried first, in new trials of
   * the cells that there are. To restore the course, give the extended rules, and no `closed` fact from before more cells.
   */
  extend({ maxCells, moreTrialSeeds = [] }: CourseExtension): StudyDecision[] {
    const { rules, cells } = this.#maker;
    const extended = {
      ...rules,
      trialSeeds: [...rules.trialSeeds, ...moreTrialSeeds],
      ...(maxCells === undefined ? {} : { maxCells }),
    };
    checkRules(extended);
    invariant(maxCells === undefined || maxCells >= cells.count, 'an extended study has no fewer cells than before');
    this.#maker.extend(extended, maxCells !== undefined);
    return this.#decide();
  }

  #decide(): StudyDecision[] {
    this.#maker.advance(true);
    return this.#maker.takeDecisions();
  }
}
