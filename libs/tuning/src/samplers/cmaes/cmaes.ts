/**
 * CMA-ES in the unit cube of the numbers that always count; search-distribution.ts has the update, generations.ts how a history becomes one.
 *
 * Choices and conditional parameters have no place in a covariance: they are drawn at random, and the reason names them. A space with
 * many of them is better searched by TPE.
 */
import { assign } from '../../space/active-parameters.ts';
import type { Assignment, Parameter, SearchSpace } from '../../space/parameter.ts';
import { valueCount } from '../../space/parameter-values.ts';
import { valueAtUnit } from '../../space/unit-interval.ts';
import { freshCell } from '../fresh-cell.ts';
import { proposalStream } from '../proposal-stream.ts';
import type { ProposalRequest, Sampler } from '../sampler.ts';
import { inOrder } from '../standing.ts';
import type { Search } from './generations.ts';
import { pointAt } from './search-distribution.ts';
import { SearchFold } from './search-fold.ts';

export interface CmaesSettings {
  /** Standard deviation of the first generation, as a part of each range. */
  readonly stepSize: number;
  /** How many times the tutorial's 4 + floor(3 ln n) cells a generation has, where n numbers are searched. At least 1/2. */
  readonly populationScale: number;
}

/** Tries again this often where the cell was proposed before. */
const attempts = 8;
/** Points outside the cube are drawn again this often, then folded back into it. */
const mostRedraws = 100;

export function cmaesSampler(settings: CmaesSettings): Sampler {
  const fold = new SearchFold();
  return {
    name: 'cmaes',
    learns: true,
    propose: (request) => {
      const numbers = request.space.filter(isSearched);
      const population = Math.round(settings.populationScale * (4 + Math.floor(3 * Math.log(numbers.length))));
      const search =
        numbers.length === 0
          ? undefined
          : fold.after(numbers, inOrder(request.history), {
              ...{ seed: request.seed, stepSize: settings.stepSize, population },
            });
      const reason = reasonOf(search, request.space);
      return freshCell(
        request,
        (attempt) => ({ assignment: draw(request, numbers, search, attempt), reason }),
        attempts,
      );
    },
  };
}

function isSearched(parameter: Parameter): boolean {
  return parameter.kind !== 'categorical' && parameter.when === undefined && valueCount(parameter) > 1;
}

function draw(
  request: ProposalRequest,
  numbers: readonly Parameter[],
  search: Search | undefined,
  attempt: number,
): Assignment {
  const stream = proposalStream(request, 'cmaes', attempt);
  const inside = (unit: number): boolean => unit >= 0 && unit <= 1;
  let point: number[] = [];
  if (search !== undefined) {
    for (let redraw = 0; redraw <= mostRedraws; redraw++) {
      point = pointAt(
        search.distribution,
        numbers.map(() => stream.normal()),
      );
      if (point.every(inside)) break;
    }
  }
  const units = new Map(numbers.map(({ name }, axis) => [name, folded(point[axis] ?? 0)]));
  return assign(request.space, (parameter) => valueAtUnit(parameter, units.get(parameter.name) ?? stream.uniform53()));
}

/** Reflects a coordinate at 0 and 1 until it is between them. */
function folded(coordinate: number): number {
  const period = Math.abs(coordinate) % 2;
  return period > 1 ? 2 - period : period;
}

function reasonOf(search: Search | undefined, space: SearchSpace): string {
  const others = space.filter((parameter) => !isSearched(parameter) && valueCount(parameter) > 1);
  const atRandom = others.length === 0 ? '' : `; ${others.map(({ name }) => name).join(', ')} drawn at random`;
  if (search === undefined) return `no number that always counts${atRandom}`;
  const { generation, population, stepSize } = search.distribution;
  const restart = search.restarts === 0 ? '' : ` after restart ${String(search.restarts)}`;
  const ended = `${String(search.ended)} of its ${String(population)} cells have ended`;
  return `generation ${String(generation)}${restart}: ${ended}, step size ${stepSize.toPrecision(2)}${atRandom}`;
}
