/**
 * Decides what is executed of a study: which runs are on, which are tried again, and when the study is over.
 *
 * What the trials are, and when one is stopped, is the course's to decide (`course/`); this machine sees to it that the course
 * hears of every result exactly once, that no failure of the environment becomes a result, and that nothing is waited for in vain.
 * Fed events, it returns effects. It is given a restored course after a restart, begins again with `began`, and asks for the runs
 * of all trials that have no result: to start one that has long ended is to be told of its end.
 */
import { invariant } from '@weft/core';
import type { CourseTrial, StudyDecision, StudyFact } from '../course/study-course.ts';
import { epochFact } from '../course/study-fact.ts';
import { judgeFailure } from './failure-verdict.ts';
import type { RunEnd, StudyEffect, StudyEvent } from './study-event.ts';

/** What the machine needs of a `StudyCourse`. */
export interface Course {
  readonly trials: readonly CourseTrial[];
  readonly lagging: readonly number[];
  readonly progress: { readonly planned: number | undefined };
  stateOf(trial: number): TrialOutcome | 'running';
  knownEpochsOf(trial: number): number;
  isEndKnown(trial: number): boolean;
  start(): StudyDecision[];
  demand(count: number): StudyDecision[];
  take(fact: StudyFact): StudyDecision[];
  retry(trial: number): Extract<StudyFact, { kind: 'retried' }>;
}

/** How a trial ended. */
export type TrialOutcome = 'complete' | 'pruned' | 'diverged' | 'excused';

/** How a trial is executed. */
export interface TrialExecution {
  /**
   * `waiting`: its run is not asked for, because the study is paused. `computed`: its run has ended, but the course has not come
   * to its end yet, and may still stop it at an earlier epoch.
   */
  readonly phase: 'waiting' | 'on' | 'computed' | TrialOutcome;
  /** Why it is in this phase; of one that goes on after a failure, that failure. */
  readonly reason: string;
  readonly attempts: number;
}

/** What decides how a study is executed. */
export interface ExecutionRules {
  readonly maxAttempts: number;
  /** Trials that are asked for at a time where the course would give all at once. */
  readonly window: number;
}

/** What is remembered of a trial beside the course. */
export interface RecordedTrial {
  readonly attempts: number;
  /** Of these, the ones before it was last tried again on request. */
  readonly attemptsBefore?: number;
  /** Why it was stopped or excused, where it was. */
  readonly reason?: string;
  /** Of a trial that was tried again after the course had gone by its excuse: how that ended, or `on` where it has not. */
  readonly retried?: TrialOutcome | 'on';
}

interface Execution {
  phase: TrialExecution['phase'];
  reason: string;
  attempts: number;
  /** Attempts are counted from here on against the limit. */
  attemptsBefore: number;
  /** Whether the next start is another attempt: not after a pause, or a restart of the coordinator. */
  counts: boolean;
  /** The course has gone by its excuse: what it comes to now counts for the table only. */
  retried: boolean;
}

export class StudyMachine {
  readonly #course: Course;
  readonly #rules: ExecutionRules;
  readonly #trials: Execution[] = [];
  readonly #waiting = new Set<number>();
  readonly #computed = new Set<number>();
  #paused = false;
  #ended = false;
  #courseEnd: string | undefined;
  #open = 0;
  #urged = '';
  #effects: StudyEffect[] = [];

  /** `recorded` is what was stored of the trials of a restored course, by trial; `ended` why the course had ended. */
  constructor(
    course: Course,
    rules: ExecutionRules,
    recorded: ReadonlyMap<number, RecordedTrial> = new Map(),
    courseEnd?: string,
  ) {
    this.#course = course;
    this.#rules = rules;
    this.#courseEnd = courseEnd;
    for (const { trial, reason } of course.trials) {
      const { attempts, attemptsBefore = 0, retried, reason: told = '' } = recorded.get(trial) ?? { attempts: 0 };
      const phase = phaseOf(retried ?? course.stateOf(trial), retried === undefined && course.isEndKnown(trial));
      this.#add({
        phase,
        reason: phase === 'waiting' ? reason : told,
        attempts,
        attemptsBefore,
        counts: attempts === attemptsBefore,
        retried: retried !== undefined,
      });
    }
  }

  /** How each trial is executed, by its number. */
  get trials(): readonly TrialExecution[] {
    return this.#trials;
  }

  /** Trials that the study will have, as far as that is known. */
  get planned(): number | undefined {
    return this.#course.progress.planned;
  }

  /** Takes one event and returns what is to be done, in order. After the end, only `retried` does anything. */
  handle(event: StudyEvent): StudyEffect[] {
    if (!this.#ended || event.kind === 'retried') {
      this.#take(event);
      if (!this.#paused && !this.#ended) this.#fill();
      this.#finish();
    }
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #take(event: StudyEvent): void {
    switch (event.kind) {
      case 'began':
        this.#decide([], this.#course.start());
        return;
      case 'epoch':
        this.#epoch(event);
        return;
      case 'run-ended':
        this.#runEnded(event.trial, event.end);
        return;
      case 'paused':
        this.#pause();
        return;
      case 'resumed':
        this.#paused = false;
        return;
      case 'closed':
        this.#tell({ kind: 'closed', reason: event.reason });
        return;
      case 'cancelled':
        this.#cancel(event.reason);
        return;
      case 'retried':
        this.#retry(event.trials);
        return;
    }
  }

  #epoch({ trial, epoch, loss }: StudyEvent & { kind: 'epoch' }): void {
    // People may let a run go on that the study has done with; one that is to be on tells all of its epochs when it is.
    if (this.#of(trial).phase !== 'on') return;
    const fact = epochFact(trial, epoch, loss);
    const isNew = epoch > this.#course.knownEpochsOf(trial);
    this.#decide(isNew ? [fact] : [], this.#course.take(fact));
    if (isNew) this.#effects.push({ kind: 'changed', trial });
  }

  #runEnded(trial: number, end: RunEnd): void {
    const execution = this.#of(trial);
    if (execution.phase !== 'on') return;
    switch (end.kind) {
      case 'finished':
        this.#over(trial, 'complete', '');
        return;
      case 'diverged':
        this.#over(trial, 'diverged', end.reason);
        return;
      case 'cancelled':
        this.#over(trial, 'excused', `its run was cancelled: ${end.reason}`);
        return;
      case 'failed': {
        const attempts = execution.attempts - execution.attemptsBefore;
        const verdict = judgeFailure(end.code, end.reason, attempts, this.#rules.maxAttempts);
        if (verdict.kind === 'excuse') this.#over(trial, 'excused', verdict.reason);
        else {
          execution.counts = true;
          this.#wait(trial, verdict.reason);
          this.#effects.push({ kind: 'notice', text: `trial ${String(trial)}: ${verdict.reason}` });
        }
      }
    }
  }

  #over(trial: number, outcome: 'complete' | 'diverged' | 'excused', reason: string): void {
    const execution = this.#of(trial);
    this.#waiting.delete(trial);
    if (outcome === 'excused') {
      this.#effects.push({ kind: 'notice', text: `trial ${String(trial)} is excused: ${reason}` });
    }
    execution.phase = 'computed';
    execution.reason = reason;
    if (execution.retried) this.#close(trial, outcome, reason);
    else this.#computed.add(trial);
    this.#tell(outcome === 'excused' ? { kind: 'excused', trial, reason } : { kind: 'ended', trial, outcome });
    this.#effects.push({ kind: 'changed', trial });
  }

  #pause(): void {
    this.#paused = true;
    for (const [trial, execution] of this.#trials.entries()) {
      if (execution.phase !== 'on') continue;
      this.#wait(trial, 'the study is paused');
      this.#effects.push({ kind: 'stop', trial, reason: 'the study is paused' }, { kind: 'changed', trial });
    }
  }

  #cancel(reason: string): void {
    this.#tell({ kind: 'closed', reason });
    // Cells that have begun get all their seeds: what is excused is not missing.
    this.#decide([], this.#course.demand(Number.MAX_SAFE_INTEGER));
    for (const [trial, execution] of this.#trials.entries()) {
      if (isOver(execution) || execution.phase === 'computed') continue;
      if (execution.phase === 'on') this.#effects.push({ kind: 'stop', trial, reason });
      this.#over(trial, 'excused', reason);
    }
    this.#ended = true;
    this.#effects.push({ kind: 'ended', outcome: 'cancelled', reason });
  }

  #retry(trials: readonly number[]): void {
    this.#paused = false;
    for (const [trial, execution] of this.#trials.entries()) {
      if (execution.phase !== 'excused' || (trials.length > 0 && !trials.includes(trial))) continue;
      execution.attemptsBefore = execution.attempts;
      execution.counts = true;
      const fact = this.#course.retry(trial);
      execution.retried = !fact.counts;
      this.#effects.push({ kind: 'record', facts: [fact], decisions: [] });
      this.#wait(trial, 'tried again on request');
      this.#open++;
      this.#ended = false;
      this.#courseEnd = undefined;
    }
  }

  /** Asks for the runs of all trials that wait, and for more trials where the course would give them. */
  #fill(): void {
    if (this.#courseEnd === undefined && this.#open < this.#rules.window) {
      this.#decide([], this.#course.demand(this.#rules.window));
    }
    const asked = [...this.#waiting].sort((a, b) => a - b);
    for (const trial of asked) this.#start(trial);
    this.#urge(asked.length > 0);
  }

  #start(trial: number): void {
    const execution = this.#of(trial);
    this.#waiting.delete(trial);
    execution.phase = 'on';
    if (execution.counts) {
      execution.counts = false;
      execution.attempts++;
      this.#effects.push({ kind: 'record-attempt', trial, attempt: execution.attempts });
    }
    this.#effects.push({ kind: 'start', trial }, { kind: 'changed', trial });
  }

  #wait(trial: number, reason: string): void {
    const execution = this.#of(trial);
    execution.phase = 'waiting';
    execution.reason = reason;
    this.#waiting.add(trial);
  }

  /** A run that was asked for again has lost its urgency. */
  #urge(again: boolean): void {
    const trials = this.#course.lagging;
    const text = trials.join();
    if (text === this.#urged && !(again && trials.length > 0)) return;
    this.#urged = text;
    this.#effects.push({ kind: 'urge', trials });
  }

  #finish(): void {
    if (this.#ended || this.#courseEnd === undefined || this.#open > 0) return;
    this.#ended = true;
    this.#effects.push({ kind: 'ended', outcome: 'finished', reason: this.#courseEnd });
  }

  #tell(fact: StudyFact): void {
    this.#decide([fact], this.#course.take(fact));
  }

  #decide(facts: readonly StudyFact[], decisions: readonly StudyDecision[]): void {
    if (facts.length + decisions.length === 0) return;
    this.#effects.push({ kind: 'record', facts, decisions });
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'propose': {
          const { trial, reason } = decision.trial;
          invariant(trial === this.#trials.length, `trial ${String(trial)} is proposed out of order`);
          this.#add({ phase: 'waiting', reason, attempts: 0, attemptsBefore: 0, counts: true, retried: false });
          break;
        }
        case 'stop':
          this.#stop(decision.trial, decision.reason);
          break;
        case 'end':
          this.#courseEnd = decision.reason;
      }
    }
    for (const trial of this.#computed) {
      const state = this.#course.stateOf(trial);
      if (state === 'running') continue;
      this.#close(trial, state, this.#of(trial).reason);
      this.#effects.push({ kind: 'changed', trial });
    }
  }

  #stop(trial: number, reason: string): void {
    const execution = this.#of(trial);
    // Its run may have come to its end before the course came to the verdict.
    const wasOn = execution.phase === 'on';
    this.#close(trial, 'pruned', reason);
    if (wasOn) this.#effects.push({ kind: 'stop', trial, reason });
    this.#effects.push({ kind: 'changed', trial });
  }

  #add(execution: Execution): void {
    if (execution.phase === 'waiting') this.#waiting.add(this.#trials.length);
    if (execution.phase === 'computed') this.#computed.add(this.#trials.length);
    if (!isOver(execution)) this.#open++;
    this.#trials.push(execution);
  }

  #close(trial: number, outcome: TrialOutcome, reason: string): void {
    const execution = this.#of(trial);
    if (!isOver(execution)) this.#open--;
    this.#waiting.delete(trial);
    this.#computed.delete(trial);
    execution.phase = outcome;
    execution.reason = reason;
  }

  #of(trial: number): Execution {
    const execution = this.#trials[trial];
    invariant(execution !== undefined, `trial ${String(trial)} was never proposed`);
    return execution;
  }
}

/** The phase of a trial in a machine that has just been made. */
function phaseOf(state: TrialOutcome | 'running' | 'on', isComputed: boolean): TrialExecution['phase'] {
  if (state !== 'running' && state !== 'on') return state;
  return isComputed ? 'computed' : 'waiting';
}

function isOver({ phase }: Execution): boolean {
  return phase !== 'waiting' && phase !== 'on' && phase !== 'computed';
}
