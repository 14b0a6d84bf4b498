/**
 * Makes the decisions of a course, in the order in which they follow from each other: the inside of `StudyCourse`.
 *
 * It goes from one point of decision to the next, and at each takes what is on record before it asks a sampler or a pruner. So a
 * restored course is the same program over the same facts, which may stop at any point where the record does.
 */
import { invariant } from '@weft/core';
import { CurveBook } from '../pruners/curve-book.ts';
import { CellTable } from './cell-table.ts';
import { DecisionRecord } from './decision-record.ts';
import { LogicalClock } from './logical-clock.ts';
import type { CourseTrial, StudyDecision } from './study-decision.ts';
import type { StudyFact } from './study-fact.ts';
import { isOpen, type StudyRules } from './study-rules.ts';
import { TrialRecord } from './trial-record.ts';

export class DecisionMaker {
  readonly cells: CellTable;
  /** `undefined` where every trial may begin at once. */
  readonly clock: LogicalClock | undefined;
  /** By number. Those on record are here before they have begun. */
  readonly trials: TrialRecord[] = [];
  readonly proposals: CourseTrial[] = [];
  #rules: StudyRules;
  readonly #record: DecisionRecord;
  readonly #book: CurveBook;
  #begun = 0;
  #over = 0;
  readonly #late = new Set<TrialRecord>();
  /** Trials that have ended an epoch at this moment and are still to be judged, from `#judged` on. */
  #toJudge: readonly TrialRecord[] = [];
  #judged = 0;
  #isFilling = true;
  #closed: string | undefined;
  #exhausted: string | undefined;
  #hasEnded = false;
  #decisions: StudyDecision[] = [];

  constructor(rules: StudyRules, record: readonly StudyDecision[]) {
    const { trialSeeds, maxEpochs, concurrency, seed, pruner } = rules;
    this.#rules = rules;
    this.#record = new DecisionRecord(record);
    this.#book = new CurveBook((trial) => pruner?.groupOf({ trial, maxEpochs, seed }) ?? 0);
    this.cells = new CellTable(trialSeeds);
    this.clock = isOpen(rules) ? undefined : new LogicalClock(concurrency, maxEpochs);
    for (const decision of record) {
      if (decision.kind === 'propose') this.#add(decision.trial);
      if (decision.kind === 'stop') this.trialOf(decision.trial).foreseeStop(decision.epoch);
    }
  }

  get rules(): StudyRules {
    return this.#rules;
  }

  /** Trials that are over, as far as their results count already. */
  get over(): number {
    return this.#over;
  }

  /** How many cells the study will have, as far as that is known. */
  get mostCells(): number | undefined {
    const isFinal = this.#closed !== undefined || this.#exhausted !== undefined;
    return isFinal ? this.cells.count : this.#rules.maxCells;
  }

  /** Why no more cells are proposed, or nothing while some may be. */
  get whyNoMoreCells(): string | undefined {
    if (this.#closed !== undefined) return this.#closed;
    if (this.#exhausted !== undefined) return this.#exhausted;
    const { maxCells } = this.#rules;
    return maxCells !== undefined && this.cells.count >= maxCells
      ? `the study has as many cells as it may, ${String(maxCells)}`
      : undefined;
  }

  trialOf(trial: number): TrialRecord {
    const record = this.trials[trial];
    invariant(record !== undefined, `trial ${String(trial)} was never proposed`);
    return record;
  }

  /** Decisions since the last call. */
  takeDecisions(): StudyDecision[] {
    const decisions = this.#decisions;
    this.#decisions = [];
    return decisions;
  }

  /** Takes a fact, and decides nothing. */
  hear(fact: StudyFact): void {
    if (fact.kind === 'closed') {
      this.#closed ??= fact.reason;
      return;
    }
    const trial = this.trialOf(fact.trial);
    const { maxEpochs } = this.#rules;
    invariant(
      fact.kind !== 'epoch' || fact.epoch <= maxEpochs,
      `trial ${String(fact.trial)} has more epochs than ${String(maxEpochs)}`,
    );
    trial.take(fact);
    if (trial.isLate) this.#late.add(trial);
    else this.#late.delete(trial);
    if (trial.isLate) this.#hasEnded = false;
    if (fact.trial < this.#begun) this.#heard(trial);
  }

  /** An excused trial of an open study runs again. */
  reopen(trial: TrialRecord): void {
    trial.reopen();
    this.#over--;
    this.#hasEnded = false;
    this.cells.observe(trial.proposal.cell);
  }

  /** The course is to end anew, where there is nothing more to do. */
  undoEnd(): void {
    this.#hasEnded = false;
  }

  /** Goes on with other rules: more seeds, or more cells, for which a closed study opens again. */
  extend(rules: StudyRules, opens: boolean): void {
    if (opens) this.#closed = undefined;
    this.#exhausted = undefined;
    this.#rules = rules;
    this.cells.extend(rules.trialSeeds);
    this.#isFilling = true;
    this.undoEnd();
  }

  /** Goes on as far as facts reach, or, where nothing is to be decided anew, no farther than the record. */
  advance(anew: boolean): void {
    while (anew || !this.#record.isSpent) {
      const trial = this.#toJudge[this.#judged];
      if (trial !== undefined) this.#judgeNext(trial);
      else if (this.#isFilling) this.#isFilling = this.#fillSlot() || this.#takeRecordedEnd();
      else if (this.clock?.isDue === true) this.#tick(this.clock);
      else break;
    }
    if (anew) this.#endIfOver();
  }

  /** Proposes trials until `count` are not over, where all may begin at once. */
  demand(count: number): void {
    this.advance(true);
    if (this.clock !== undefined) return;
    while (this.#begun - this.#over < count && this.#propose()) continue;
  }

  /** Proposes one more trial, unless there is none. */
  #propose(): boolean {
    const proposal = this.#nextProposal();
    if (proposal === undefined) return false;
    this.#add(proposal);
    this.#decisions.push({ kind: 'propose', trial: proposal });
    this.#begin();
    return true;
  }

  #tick(clock: LogicalClock): void {
    this.#toJudge = clock.tick();
    this.#judged = 0;
    for (const trial of this.#toJudge) this.#count(trial);
  }

  /** One unit of time passes for the trial. */
  #count(trial: TrialRecord): void {
    const epochs = trial.losses.length;
    trial.countNext(this.#rules.maxEpochs);
    if (trial.losses.length > epochs) this.#book.grown(trial);
    if (trial.state !== 'running') this.#close(trial);
  }

  #judgeNext(trial: TrialRecord): void {
    this.#judged++;
    if (trial.state === 'running') {
      const reason = this.#whyStop(trial);
      if (reason !== undefined) {
        trial.stop();
        this.#close(trial);
      }
    }
    if (this.#judged < this.#toJudge.length) return;
    this.#toJudge = [];
    this.clock?.settle();
    this.#isFilling = true;
  }

  #whyStop({ trial, losses }: TrialRecord): string | undefined {
    const epoch = losses.length;
    if (!this.#record.isSpent) return this.#record.takeStop(trial, epoch);
    const { pruner, maxEpochs, seed, maximize = false } = this.#rules;
    const subject = { trial, maxEpochs, seed };
    if (pruner?.decidesAfter(epoch, subject) !== true) return undefined;
    const verdict = pruner.judge({
      ...subject,
      ...{ maximize, curves: this.#book.curves, peers: this.#book.peersOf(trial) },
    });
    if (verdict.kind === 'continue') return undefined;
    this.#decisions.push({ kind: 'stop', trial, epoch, reason: verdict.reason });
    return verdict.reason;
  }

  #close(trial: TrialRecord): void {
    this.#over++;
    this.cells.observe(trial.proposal.cell);
    if (trial.state === 'complete') this.#book.completed(trial);
  }

  /** Whether a trial took a slot. */
  #fillSlot(): boolean {
    if (this.clock?.hasFreeSlot === false) return false;
    if (this.#record.isSpent) return this.clock !== undefined && this.#propose();
    if (this.#record.takeProposal(this.clock?.moment ?? 0) === undefined) return false;
    this.#begin();
    return true;
  }

  /** After an end on record, an extension may have filled slots at the same moment. */
  #takeRecordedEnd(): boolean {
    if (this.clock?.isIdle === false || !this.#record.takeEnd()) return false;
    // A trial that was excused then may be tried again by now.
    this.#hasEnded = this.#isOver;
    return true;
  }

  #nextProposal(): CourseTrial | undefined {
    const { space, seed, sampler } = this.#rules;
    const trial = this.trials.length;
    const moment = this.clock?.moment ?? 0;
    const untried = this.cells.untried;
    if (untried !== undefined) return { trial, ...untried, moment };
    if (this.whyNoMoreCells !== undefined) return undefined;
    const { observations, count: cell } = this.cells;
    // A copy, so that a sampler may keep it; one that does not learn has no use for it.
    const history = sampler.learns ? observations.slice() : observations;
    const proposal = sampler.propose({ space, seed, cell, history });
    if (proposal.kind === 'exhausted') {
      this.#exhausted = proposal.reason;
      return undefined;
    }
    const [firstSeed] = this.#rules.trialSeeds;
    invariant(firstSeed !== undefined, 'a study has a seed for its trials');
    const { assignment, reason } = proposal;
    return { trial, cell, assignment, seed: firstSeed, reason, moment };
  }

  #add(proposal: CourseTrial): void {
    const { trial } = proposal;
    invariant(trial === this.trials.length, `trial ${String(trial)} follows ${String(this.trials.length)} trials`);
    this.trials.push(new TrialRecord(proposal));
    this.proposals.push(proposal);
  }

  /** The next trial begins. */
  #begin(): void {
    const trial = this.trialOf(this.#begun++);
    this.#hasEnded = false;
    this.cells.add(trial);
    this.#book.begin(trial);
    this.clock?.enter(trial);
    this.#heard(trial);
  }

  #heard(trial: TrialRecord): void {
    if (this.clock === undefined) {
      while (trial.state === 'running' && trial.isNextKnown(this.#rules.maxEpochs)) this.#count(trial);
    } else this.clock.hear(trial);
  }

  /** Whether no trial that has begun is under way. */
  get #isOver(): boolean {
    return this.#over === this.#begun && this.#late.size === 0;
  }

  #endIfOver(): void {
    if (this.#hasEnded || !this.#isOver || this.cells.untried !== undefined) return;
    const reason = this.whyNoMoreCells;
    if (reason === undefined) return;
    this.#hasEnded = true;
    this.#decisions.push({ kind: 'end', reason });
  }
}
