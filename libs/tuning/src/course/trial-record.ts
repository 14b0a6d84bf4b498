import { invariant } from '@weft/core';
import type { Curve } from '../pruners/pruner.ts';
import type { CourseTrial } from './study-decision.ts';
import type { TrialFact } from './study-fact.ts';

type TrialEnd = Extract<TrialFact, { kind: 'ended' | 'excused' }>;

/**
 * One trial of a course: what is known of it, and how much of that counts so far.
 *
 * Facts are known as soon as they arrive, and count one unit of logical time after the other: an epoch, or, after the last known
 * epoch, the end. The end that follows epoch `maxEpochs` belongs to that epoch's unit.
 */
export class TrialRecord implements Curve {
  readonly proposal: CourseTrial;
  readonly #losses: number[] = [];
  readonly #known: number[] = [];
  #end: TrialEnd | undefined;
  #state: Curve['state'] = 'running';
  #late: 'no' | 'running' | 'over' = 'no';
  #lastEpoch = Number.POSITIVE_INFINITY;

  constructor(proposal: CourseTrial) {
    this.proposal = proposal;
  }

  get trial(): number {
    return this.proposal.trial;
  }

  /** Those that count. */
  get losses(): readonly number[] {
    return this.#losses;
  }

  get state(): Curve['state'] {
    return this.#state;
  }

  /** Epochs whose results are there, whether they count already or not. */
  get knownEpochs(): number {
    return this.#known.length;
  }

  get isEndKnown(): boolean {
    return this.#end !== undefined;
  }

  /** Whether it is tried again for the table only. */
  get isLate(): boolean {
    return this.#late === 'running';
  }

  /** Takes a fact. A repeat changes nothing; one that says something else is a bug. What follows a stop is not looked at. */
  take(fact: TrialFact): void {
    if (fact.kind === 'epoch' ? fact.epoch > this.#lastEpoch : this.#lastEpoch !== Number.POSITIVE_INFINITY) return;
    if (fact.kind === 'retried') {
      if (fact.counts) this.#withdraw();
      else this.#late = 'running';
      return;
    }
    if (this.#late !== 'no') {
      if (fact.kind !== 'epoch') this.#late = 'over';
      return;
    }
    if (fact.kind === 'epoch') this.#takeEpoch(fact.epoch, fact.loss);
    else this.#takeEnd(fact);
  }

  /** The fact of its being tried again. It must have been excused, and not be under way again. */
  retried(): Extract<TrialFact, { kind: 'retried' }> {
    invariant(
      this.#end?.kind === 'excused' && this.#late !== 'running',
      `trial ${String(this.trial)} is tried again, but it is not excused`,
    );
    return { kind: 'retried', trial: this.trial, counts: this.#state === 'running' };
  }

  /** Whether its next unit of logical time can pass: nothing has to be waited for. */
  isNextKnown(maxEpochs: number): boolean {
    const next = this.#losses.length + 1;
    if (this.#known.length < next) return this.#end !== undefined;
    return next < maxEpochs || this.#end !== undefined;
  }

  /** Lets one unit of logical time pass, which is known. */
  countNext(maxEpochs: number): void {
    const loss = this.#known[this.#losses.length];
    if (loss !== undefined) this.#losses.push(loss);
    if (loss === undefined || this.#losses.length === maxEpochs) this.#finish();
  }

  /** It is on record that the trial will be stopped after this epoch: what it does later is not looked at. */
  foreseeStop(epoch: number): void {
    this.#lastEpoch = epoch;
  }

  /** Nothing after the epochs that count so far counts any more. */
  stop(): void {
    this.#lastEpoch = this.#losses.length;
    this.#state = 'pruned';
  }

  /** What has counted as excused runs again: only where nothing was decided by it. */
  reopen(): void {
    this.#state = 'running';
  }

  #takeEpoch(epoch: number, loss: number): void {
    const where = `trial ${String(this.trial)} epoch ${String(epoch)}`;
    const known = this.#known[epoch - 1];
    if (known !== undefined) {
      invariant(Object.is(known, loss), `${where} has loss ${String(loss)}, but had ${String(known)} before`);
      return;
    }
    invariant(epoch === this.#known.length + 1, `${where} follows epoch ${String(this.#known.length)}`);
    invariant(this.#end === undefined, `${where} comes after the end of the trial`);
    this.#known.push(loss);
  }

  #takeEnd(end: TrialEnd): void {
    const before = this.#end;
    if (before === undefined) this.#end = end;
    else
      invariant(
        textOf(before) === textOf(end),
        `trial ${String(this.trial)} is ${textOf(end)}, but was ${textOf(before)}`,
      );
  }

  #withdraw(): void {
    invariant(this.#end?.kind === 'excused', `trial ${String(this.trial)} is tried again, but it is not excused`);
    this.#end = undefined;
    // The clock may have been past the excuse before, and have been put back by an extension.
    this.#late = 'no';
  }

  #finish(): void {
    invariant(this.#end !== undefined, `trial ${String(this.trial)} ends before its end is known`);
    this.#state = this.#end.kind === 'excused' ? 'excused' : this.#end.outcome;
  }
}

function textOf(end: TrialEnd): string {
  return end.kind === 'excused' ? `excused: ${end.reason}` : end.outcome;
}
