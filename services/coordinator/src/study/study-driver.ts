/**
 * Carries out what a study's machine decides: stores it, asks for runs, ends them. Nothing is decided here.
 *
 * Events are taken one at a time, and all effects of one are carried out before the next: first all that is to be stored, in one
 * write, so that a crash leaves the whole of a command or nothing of it. A run is shared by trials whose configurations are equal:
 * what one computes, the other has.
 */
import { describeError, invariant, runId as brandRunId, WeftError, type RunId } from '@weft/core';
import { lossOf, trialConfiguration } from '@weft/studies';
import type { StoredCosts, StoredStudy, StoredTrial, StudyChange } from '@weft/store';
import type { CourseTrial, RunEnd, StudyDecision, StudyEffect, StudyEvent, StudyMachine } from '@weft/tuning';
import { configurationDigest, runAssignmentOf, StudyState, type EpochResult, type RunConfiguration } from '@weft/wire';
import { hash } from 'node:crypto';

import { isTimeOver } from './extension.ts';
import { noCosts, plusCosts } from './study-costs.ts';
import type { StudyContext } from './study-context.ts';
import { recordsOf, remember } from './study-memory.ts';
import { StudyView } from './study-view.ts';
import type { KnownRun } from './trial-runner.ts';

/** An event, and what comes with it that is no business of the machine. */
interface Posted {
  readonly event: StudyEvent;
  readonly change: StudyChange;
}

export class StudyDriver {
  readonly #context: StudyContext;
  readonly #machine: StudyMachine;
  readonly #trials: StoredTrial[];
  readonly #losses: number[][];
  readonly #stops: Map<number, number>;
  /** Trials of each run, ascending. */
  readonly #trialsOf = new Map<RunId, number[]>();
  readonly #runOf = new Map<string, RunId>();
  readonly #posted: Posted[] = [];
  readonly view: StudyView;
  #study: StoredStudy;
  #handling = false;
  #left = false;
  #isClosed: boolean;
  #urged: readonly number[] = [];
  /** What the study took beside what the runner knows of. */
  #costsBefore: StoredCosts;

  constructor(study: StoredStudy, context: StudyContext) {
    this.#study = study;
    this.#context = context;
    const remembered = remember(context.store, study);
    this.#machine = remembered.machine;
    this.#trials = remembered.trials;
    this.#losses = remembered.losses;
    this.#stops = remembered.stops;
    this.#isClosed = remembered.isClosed;
    for (const trial of this.#trials) this.#index(trial);
    this.#costsBefore = plusCosts(study.costs, context.runner.studyCosts(study.studyId), -1);
    this.view = new StudyView(() => this.#study, remembered, context.runner);
  }

  get study(): StoredStudy {
    return this.#study;
  }

  get isOn(): boolean {
    return this.#study.state === StudyState.RUNNING;
  }

  /** Goes on with a study that is to be on. Whoever asks for it sees to what is thrown, as with `resume` and `retry`. */
  begin(): void {
    if (!this.isOn) return;
    // The last coordinator may have stopped before it closed the study.
    for (const event of this.#closing()) this.#take(event);
    this.#take({ kind: 'began' });
  }

  pause(): void {
    this.post({ kind: 'paused' }, { state: StudyState.PAUSED, reason: 'paused' });
  }

  resume(): void {
    this.#take({ kind: 'resumed' }, { state: StudyState.RUNNING, reason: 'resumed' });
  }

  cancel(reason: string): void {
    this.post({ kind: 'cancelled', reason });
  }

  retry(trials: readonly number[]): void {
    const reason = 'excused trials are tried again';
    this.#take({ kind: 'retried', trials }, { state: StudyState.RUNNING, reason });
  }

  /** Takes no more events: another driver has the study. Ends its runs, where that one has others. */
  leave(endsRuns: boolean): void {
    this.#left = true;
    if (!endsRuns) return;
    for (const [runId, trials] of this.#trialsOf) {
      if (this.#isOn(trials)) this.#context.runner.stop(runId, 'its study has begun anew');
    }
  }

  /** Whether the study waits for the run. */
  needs(runId: RunId): boolean {
    return this.isOn && this.#isOn(this.#trialsOf.get(runId) ?? []);
  }

  #isOn(trials: readonly number[]): boolean {
    return trials.some((trial) => this.#machine.trials[trial]?.phase === 'on');
  }

  /** Counts `seconds` of work, and closes the study when its time is over. */
  worked(seconds: number): void {
    const change = { seconds: this.#study.seconds + seconds, costs: this.#costs };
    this.#context.store.update(this.#study.studyId, change);
    this.#changed(change);
    for (const event of this.#closing()) this.post(event);
  }

  /** That its time is over, once. */
  #closing(): StudyEvent[] {
    if (this.#isClosed || !isTimeOver(this.#study)) return [];
    this.#isClosed = true;
    return [{ kind: 'closed', reason: `its ${String(this.#study.execution.maxSeconds)} s are over` }];
  }

  get #costs(): StoredCosts {
    return plusCosts(this.#costsBefore, this.#context.runner.studyCosts(this.#study.studyId));
  }

  /** The run ended an epoch. What is told while the study is not on is found when it is. */
  epochEnded(runId: RunId, epoch: EpochResult): void {
    if (!this.isOn) return;
    for (const trial of this.#trialsOf.get(runId) ?? []) this.#epoch(trial, epoch);
  }

  runEnded(runId: RunId, end: RunEnd): void {
    if (!this.isOn) return;
    for (const trial of this.#trialsOf.get(runId) ?? []) this.post({ kind: 'run-ended', trial, end });
  }

  /** Takes an event, and carries out what follows from it before it returns. Ends the coordinator where that cannot be done. */
  post(event: StudyEvent, change: StudyChange = {}): void {
    try {
      this.#take(event, change);
    } catch (thrown) {
      const { studyId } = this.#study;
      this.#context.fail(
        thrown instanceof WeftError
          ? thrown
          : new WeftError('internal', `study ${studyId}: ${describeError(thrown)}`, { cause: thrown }),
      );
      throw thrown;
    }
  }

  #take(event: StudyEvent, change: StudyChange = {}): void {
    if (this.#left) return;
    this.#posted.push({ event, change });
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#posted.shift(); next !== undefined; next = this.#posted.shift()) {
        const effects = this.#machine.handle(next.event);
        this.#keep(effects, next.change);
        for (const effect of effects) this.#carryOut(effect);
      }
    } catch (thrown) {
      // The machine knows what the store does not: nothing that follows may be stored.
      this.#left = true;
      throw thrown;
    } finally {
      this.#handling = false;
    }
  }

  /** Stores all that is to be stored of one event. */
  #keep(effects: readonly StudyEffect[], change: StudyChange): void {
    const decisions = effects.flatMap((effect) => (effect.kind === 'record' ? effect.decisions : []));
    const proposed = decisions.flatMap((made) => (made.kind === 'propose' ? [this.#propose(made.trial)] : []));
    for (const decision of decisions) if (decision.kind === 'stop') this.#stopped(decision);
    const records = effects.flatMap(recordsOf);
    const changes = { ...change, ...this.#changeOf(effects.find(({ kind }) => kind === 'ended')) };
    const isChanged = Object.keys(changes).length > 0;
    if (!isChanged && records.length === 0) return;
    this.#context.store.append(this.#study.studyId, proposed, records, changes);
    if (isChanged) this.#changed(changes);
  }

  #carryOut(effect: StudyEffect): void {
    switch (effect.kind) {
      case 'record':
      case 'record-attempt':
        return;
      case 'start':
        this.#start(effect.trial);
        return;
      case 'stop':
        this.#stop(effect.trial, effect.reason);
        return;
      case 'urge':
        this.#urge(effect.trials);
        return;
      case 'changed':
        this.#context.feed.trialChanged(this.#study.studyId, effect.trial);
        return;
      case 'notice':
        this.#context.log.info(effect.text, { study: this.#study.studyId });
        this.#context.feed.notice(this.#study.studyId, effect.text);
        return;
      case 'ended':
        this.#context.log.info(`study ${effect.outcome}: ${effect.reason}`, { study: this.#study.studyId });
    }
  }

  #changeOf(ended: StudyEffect | undefined): StudyChange {
    if (ended?.kind !== 'ended') return {};
    const state = ended.outcome === 'finished' ? StudyState.FINISHED : StudyState.CANCELLED;
    return { state, reason: ended.reason, costs: this.#costs };
  }

  /** What the trial computed after the epoch was in vain. */
  #stopped({ trial, epoch }: StudyDecision & { kind: 'stop' }): void {
    this.#stops.set(trial, epoch);
    const late = (this.#context.runner.find(this.#runIdOf(trial))?.epochs ?? []).filter((each) => each.epoch > epoch);
    const lostSeconds = late.reduce((sum, { seconds, worldSize }) => sum + seconds * worldSize, 0);
    this.#costsBefore = plusCosts(this.#costsBefore, { ...noCosts, usefulSeconds: -lostSeconds, lostSeconds });
  }

  #propose({ trial, cell, assignment, seed, moment, reason }: CourseTrial): StoredTrial {
    const configuration = trialConfiguration(this.#study.definition, assignment, seed);
    const digest = digestOf(configuration);
    const runId = this.#runOf.get(digest) ?? this.#newRunId(trial, digest);
    const settings = [...assignment];
    const stored = { trial, cell, settings, seed, moment, reason, configurationDigest: digest, runId };
    this.#index(stored);
    this.#trials.push(stored);
    this.#losses.push([]);
    return stored;
  }

  /** Another run may have the name: that of the trial before the study was given more epochs, or one of somebody else. */
  #newRunId(trial: number, digest: string): RunId {
    const { studyId } = this.#study;
    const plain = brandRunId(`${studyId}.${String(trial)}`);
    const known = this.#context.runner.find(plain);
    if (known === undefined || (known.studyId === studyId && digestOf(known.configuration) === digest)) return plain;
    const mark = hash('sha256', `${studyId} ${digest}`, 'hex').slice(0, 8);
    return brandRunId(`${studyId.slice(0, 40)}.${String(trial)}.${mark}`);
  }

  #index({ trial, runId, configurationDigest: digest }: StoredTrial): void {
    const run = brandRunId(runId);
    this.#runOf.set(digest, run);
    this.#trialsOf.set(run, [...(this.#trialsOf.get(run) ?? []), trial]);
  }

  /** Tells what is known of the run already, then sees to it that it is on, if there is anything left to do. */
  #start(trial: number): void {
    const { runner } = this.#context;
    const known = runner.find(this.#runIdOf(trial));
    if (known === undefined) runner.submit(this.#trialRun(trial));
    else this.#catchUp(trial, known);
  }

  #catchUp(trial: number, { epochs, end }: KnownRun): void {
    for (const epoch of epochs) this.#epoch(trial, epoch);
    if (end === undefined) return;
    if (end.kind === 'finished' || end.kind === 'diverged') this.post({ kind: 'run-ended', trial, end });
    else this.#context.runner.resume(this.#trialRun(trial));
  }

  #stop(trial: number, reason: string): void {
    const runId = this.#runIdOf(trial);
    if (!this.#isOn(this.#trialsOf.get(runId) ?? [])) this.#context.runner.stop(runId, reason);
  }

  #urge(trials: readonly number[]): void {
    const { runner } = this.#context;
    for (const trial of this.#urged) if (!trials.includes(trial)) runner.urge(this.#runIdOf(trial), 0);
    for (const [at, trial] of trials.entries()) runner.urge(this.#runIdOf(trial), trials.length - at);
    this.#urged = trials;
  }

  #epoch(trial: number, result: EpochResult): void {
    const { definition } = this.#study;
    const { epoch } = result;
    const own = lossOf(definition, [result]);
    const before = definition.objective?.bestEpoch === true ? this.#curveOf(trial)[epoch - 2] : undefined;
    // Whatever comes after an epoch that has no finite loss is better.
    const isBetter = before === undefined || Number.isNaN(before) || own < before;
    const loss = isBetter ? own : before;
    this.#curveOf(trial)[epoch - 1] = loss;
    this.post({ kind: 'epoch', trial, epoch, loss });
  }

  #curveOf(trial: number): number[] {
    const curve = this.#losses[trial];
    invariant(curve !== undefined, `trial ${String(trial)} was never proposed`);
    return curve;
  }

  #trialRun(trial: number) {
    const { studyId, execution } = this.#study;
    return { runId: this.#runIdOf(trial), configuration: this.#configurationOf(trial), studyId, trial, execution };
  }

  #configurationOf(trial: number): RunConfiguration {
    const { settings, seed } = this.#trial(trial);
    return trialConfiguration(this.#study.definition, new Map(settings), seed);
  }

  #runIdOf(trial: number): RunId {
    return brandRunId(this.#trial(trial).runId);
  }

  #trial(trial: number): StoredTrial {
    const stored = this.#trials[trial];
    invariant(stored !== undefined, `trial ${String(trial)} was never proposed`);
    return stored;
  }

  #changed(change: StudyChange): void {
    this.#study = { ...this.#study, ...change };
    this.#context.feed.studyChanged(this.#study.studyId);
  }
}

function digestOf(configuration: RunConfiguration): string {
  return configurationDigest(runAssignmentOf('', configuration));
}
