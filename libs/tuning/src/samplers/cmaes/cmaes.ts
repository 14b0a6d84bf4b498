/**
 * CMA-ES in the unit cube of the numbers that always count; search-distribution.ts has the update, generations.ts how a history
 * becomes one.
 *
 * Choices and conditional parameters have no place in a covariance. They are drawn at random to begin with, then taken from the
 * densities of TPE, beside which the numbers are found; the reason names them. A space with many of them is better left to TPE.
 */
import { assign } from '../../space/active-parameters.ts';
import type { Parameter, ParameterValue, SearchSpace } from '../../space/parameter.ts';
import { valueCount } from '../../space/parameter-values.ts';
import { valueAtUnit } from '../../space/unit-interval.ts';
import { freshCell } from '../fresh-cell.ts';
import { proposalStream } from '../proposal-stream.ts';
import type { Sampler } from '../sampler.ts';
import { endedCells, inOrder } from '../standing.ts';
import { ParzenSearch, type ParzenSettings } from '../tpe/parzen-search.ts';
import { searchedPoint } from './searched-point.ts';
import { SearchFold } from './search-fold.ts';
import type { Search } from './generations.ts';

export interface CmaesSettings {
  /** Standard deviation of the first generation, as a part of each range. */
  readonly stepSize: number;
  /** How many times the tutorial's 4 + floor(3 ln n) cells a generation has, where n numbers are searched. At least 1/2. */
  readonly populationScale: number;
  /** Cells that must have ended before choices and conditional parameters are learned. */
  readonly startup: number;
  /** For those parameters. */
  readonly densities: ParzenSettings;
}

/** Tries again this often where the cell was proposed before. */
const attempts = 8;

export function cmaesSampler(settings: CmaesSettings): Sampler {
  const fold = new SearchFold();
  return {
    name: 'cmaes',
    learns: true,
    propose: (request) => {
      const { space, seed } = request;
      const history = inOrder(request.history);
      const numbers = space.filter(isSearched);
      const others = space.filter((parameter) => !isSearched(parameter));
      const population = Math.round(settings.populationScale * (4 + Math.floor(3 * Math.log(numbers.length))));
      const start = { seed, stepSize: settings.stepSize, population };
      const search = numbers.length === 0 ? undefined : fold.after(numbers, history, start);
      const learned = endedCells(history) >= settings.startup;
      const densities = learned ? new ParzenSearch(others, history, settings.densities) : undefined;
      const reason = reasonOf(search, others, learned);
      return freshCell(
        request,
        (attempt) => {
          const stream = proposalStream(request, 'cmaes', attempt);
          const values = new Map<string, ParameterValue>();
          if (search !== undefined) {
            const point = searchedPoint(search.distribution, stream);
            numbers.forEach((parameter, axis) => values.set(parameter.name, valueAtUnit(parameter, point[axis] ?? 0)));
          }
          densities?.choose(values, stream);
          const chosen = ({ name }: Parameter): ParameterValue | undefined => values.get(name);
          const assignment = assign(
            space,
            (parameter) => chosen(parameter) ?? valueAtUnit(parameter, stream.uniform53()),
          );
          return { assignment, reason };
        },
        attempts,
      );
    },
  };
}

function isSearched(parameter: Parameter): boolean {
  return parameter.kind !== 'categorical' && parameter.when === undefined && valueCount(parameter) > 1;
}

function reasonOf(search: Search | undefined, others: SearchSpace, learned: boolean): string {
  const names = others.filter((parameter) => valueCount(parameter) > 1).map(({ name }) => name);
  const source = learned ? 'from the densities of good and other cells' : 'drawn at random';
  const beside = names.length === 0 ? '' : `; ${names.join(', ')} ${source}`;
  if (search === undefined) return `no number that always counts${beside}`;
  const { generation, population, stepSize } = search.distribution;
  const restart = search.restarts === 0 ? '' : ` after restart ${String(search.restarts)}`;
  const ended = `${String(search.ended)} of its ${String(population)} cells have ended`;
  return `generation ${String(generation)}${restart}: ${ended}, step size ${stepSize.toPrecision(2)}${beside}`;
}
