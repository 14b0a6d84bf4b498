import type { CellObservation } from '../samplers/sampler.ts';
import type { Assignment } from '../space/parameter.ts';
import type { TrialRecord } from './trial-record.ts';

/** A cell with a seed that it has not been tried with. */
interface UntriedCell {
  readonly cell: number;
  readonly assignment: Assignment;
  readonly reason: string;
  readonly seed: number;
}

/** The cells of a study: which seeds each was tried with, and what is known of it. */
export class CellTable {
  #seeds: readonly number[];
  readonly #trials: TrialRecord[][] = [];
  readonly #observations: CellObservation[] = [];
  /** No cell before this one has a seed left. */
  #next = 0;

  constructor(seeds: readonly number[]) {
    this.#seeds = seeds;
  }

  get count(): number {
    return this.#trials.length;
  }

  /** What samplers see, by cell. Grows and changes with the table. */
  get observations(): readonly CellObservation[] {
    return this.#observations;
  }

  /** The first cell that has a seed left, with the first such seed. */
  get untried(): UntriedCell | undefined {
    for (; this.#next < this.#trials.length; this.#next++) {
      const trials = this.#trials[this.#next] ?? [];
      const first = trials[0];
      const seed = this.#seeds[trials.length];
      if (first !== undefined && seed !== undefined) {
        const { cell, assignment, reason } = first.proposal;
        return { cell, assignment, reason, seed };
      }
    }
    return undefined;
  }

  /** A trial of a cell that is there, or of the next one. */
  add(trial: TrialRecord): void {
    const { cell } = trial.proposal;
    (this.#trials[cell] ??= []).push(trial);
    this.observe(cell);
  }

  /** Seeds are added at the end: cells have those left. */
  extend(seeds: readonly number[]): void {
    this.#seeds = seeds;
    this.#next = 0;
    for (const cell of this.#trials.keys()) this.observe(cell);
  }

  /** A trial of the cell has changed its state. */
  observe(cell: number): void {
    const trials = this.#trials[cell] ?? [];
    const first = trials[0];
    if (first === undefined) return;
    const { assignment } = first.proposal;
    const known = trials.length < this.#seeds.length ? running : observe(trials);
    this.#observations[cell] = { cell, assignment, ...known };
  }
}

type Known = Pick<CellObservation, 'state' | 'loss'>;

const running: Known = { state: 'running' };

/**
 * What the trials of a cell say together. With one that diverged the cell has: no mean counts it. Excused ones are left out
 * while there are others; with one that was pruned the cell was, since its losses are from different epochs.
 */
function observe(trials: readonly TrialRecord[]): Known {
  if (trials.some(({ state }) => state === 'running')) return running;
  const results = trials.filter(({ state }) => state !== 'excused');
  if (results.length === 0) return { state: 'excused' };
  if (results.some(({ state }) => state === 'diverged')) return { state: 'diverged' };
  const loss = results.reduce((sum, { losses }) => sum + (losses.at(-1) ?? Number.NaN), 0) / results.length;
  if (!Number.isFinite(loss)) return { state: 'diverged' };
  return { state: results.some(({ state }) => state === 'pruned') ? 'pruned' : 'complete', loss };
}
