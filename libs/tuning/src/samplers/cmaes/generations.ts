/**
 * Which distribution the next cell is drawn from: the generations folded from the history.
 *
 * Cells that have ended are taken in the order of their numbers, `population` at a time; those of a generation that is not full yet
 * wait. A cell that ends late moves those behind it on, which is folded again. Where the distribution has shrunk to a point, the
 * search begins anew elsewhere with twice the population (A. Auger and N. Hansen, "A restart CMA evolution strategy with
 * increasing population size", CEC 2005).
 */
import type { Parameter } from '../../space/parameter.ts';
import { unitRange } from '../../space/unit-interval.ts';
import { proposalStream } from '../proposal-stream.ts';
import type { CellObservation } from '../sampler.ts';
import { compareStanding, standingOf } from '../standing.ts';
import { nextDistribution, roundDistribution, type SearchDistribution, type Vector } from './search-distribution.ts';

export interface SearchStart {
  readonly seed: number;
  readonly stepSize: number;
  readonly population: number;
}

/** Where the search is. */
export interface Search {
  readonly distribution: SearchDistribution;
  readonly restarts: number;
  /** Cells of the generation under way that have ended. */
  readonly ended: number;
}

/** A cell that has ended, in the cube. */
export interface Member {
  readonly cell: CellObservation;
  readonly point: Vector;
}

/** Length of the longest axis, as a part of the range, below which there is nothing left to find here. */
const pointLike = 1e-6;

/** Before any cell. `numbers` is how many parameters span the cube, at least one. */
export function firstSearch(numbers: number, { stepSize, population }: SearchStart): Search {
  const middle = Array.from({ length: numbers }, () => 0.5);
  return { distribution: roundDistribution(middle, stepSize, population), restarts: 0, ended: 0 };
}

/** After one more generation; there are as many `members` as the distribution's population, in any order. */
export function nextSearch({ distribution, restarts }: Search, members: readonly Member[], start: SearchStart): Search {
  // A generation that diverged as a whole says nowhere to go.
  if (members.every(({ cell }) => standingOf(cell) === 'diverged')) return { distribution, restarts, ended: 0 };
  const ranked = members.toSorted((a, b) => compareStanding(a.cell, b.cell)).map(({ point }) => point);
  const next = nextDistribution(distribution, ranked);
  if (next.stepSize * Math.max(...next.scales) >= pointLike) return { distribution: next, restarts, ended: 0 };
  const stream = proposalStream({ seed: start.seed, cell: restarts + 1 }, 'restart');
  const elsewhere = next.mean.map(() => stream.uniform53());
  return {
    distribution: roundDistribution(elsewhere, start.stepSize, next.population * 2),
    restarts: restarts + 1,
    ended: 0,
  };
}

/**
 * The cells of a history that have ended and lie in the space, in its order. `known` are members of the same space: where an
 * assignment is the very object of the member at the same place, its point is taken from there.
 */
export function membersOf(
  numbers: readonly Parameter[],
  history: readonly CellObservation[],
  known: readonly Member[] = [],
): Member[] {
  const members: Member[] = [];
  for (const cell of history) {
    if (standingOf(cell) === undefined) continue;
    const before = known[members.length];
    const point = before?.cell.assignment === cell.assignment ? before.point : pointOf(numbers, cell);
    if (point !== undefined) members.push({ cell, point });
  }
  return members;
}

function pointOf(numbers: readonly Parameter[], { assignment }: CellObservation): number[] | undefined {
  const point: number[] = [];
  for (const parameter of numbers) {
    const value = assignment.get(parameter.name);
    const range = value === undefined ? undefined : unitRange(parameter, value);
    if (range === undefined) return undefined;
    point.push((range.low + range.high) / 2);
  }
  return point;
}
