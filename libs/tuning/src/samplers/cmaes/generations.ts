/**
 * Which distribution the next cell is drawn from: the generations folded again from the history, so that nothing is remembered.
 *
 * Cells that have ended are taken in the order of their numbers, `population` at a time; those of a generation that is not full yet
 * wait, and so do all behind a cell that still runs once it has ended. Where the distribution has shrunk to a point, the
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

/** Length of the longest axis, as a part of the range, below which there is nothing left to find here. */
const pointLike = 1e-6;

interface Member {
  readonly cell: CellObservation;
  readonly point: Vector;
}

/** `history` ascending by cell; `numbers` are the parameters that span the cube, at least one, all with a condition-free value. */
export function foldGenerations(
  numbers: readonly Parameter[],
  history: readonly CellObservation[],
  { seed, stepSize, population }: SearchStart,
): Search {
  let distribution = roundDistribution(
    numbers.map(() => 0.5),
    stepSize,
    population,
  );
  let restarts = 0;
  let members: Member[] = [];
  for (const cell of history) {
    const point = standingOf(cell) === undefined ? undefined : pointOf(numbers, cell);
    if (point === undefined) continue;
    members.push({ cell, point });
    if (members.length < distribution.population) continue;
    // A generation that diverged as a whole says nowhere to go.
    if (members.some((member) => standingOf(member.cell) !== 'diverged')) {
      members.sort((a, b) => compareStanding(a.cell, b.cell));
      distribution = nextDistribution(
        distribution,
        members.map((member) => member.point),
      );
    }
    members = [];
    if (distribution.stepSize * Math.max(...distribution.scales) < pointLike) {
      restarts++;
      const stream = proposalStream({ seed, cell: restarts }, 'restart');
      distribution = roundDistribution(
        numbers.map(() => stream.uniform53()),
        stepSize,
        distribution.population * 2,
      );
    }
  }
  return { distribution, restarts, ended: members.length };
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
