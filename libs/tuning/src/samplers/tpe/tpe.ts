/**
 * Tree-structured Parzen estimators: proposes where good cells lie densely and others do not.
 *
 * After Bergstra et al., "Algorithms for hyper-parameter optimization" (NIPS 2011) and "Making a science of model search" (ICML
 * 2013), with the choices of Optuna's TPESampler (multivariate, grouped, constant liar): candidates are drawn from l, the density of
 * good cells, and the one with the greatest l / g is proposed, where g is the density of the others. Parameters
 * that count together are modelled together, each group from the cells in which it counts.
 */
import { assign } from '../../space/active-parameters.ts';
import type { ParameterValue } from '../../space/parameter.ts';
import { freshCell } from '../fresh-cell.ts';
import { proposalStream } from '../proposal-stream.ts';
import { randomAssignment } from '../random-assignment.ts';
import type { Sampler } from '../sampler.ts';
import { endedCells, inOrder } from '../standing.ts';
import { ParzenSearch, type ParzenSettings } from './parzen-search.ts';

export interface TpeSettings extends ParzenSettings {
  /** Cells that must have ended before anything is learned from them; until then cells are drawn at random. */
  readonly startup: number;
}

/** Tries again this often, with other candidates, where the best was proposed before. */
const attempts = 8;

export function tpeSampler(settings: TpeSettings): Sampler {
  return {
    name: 'tpe',
    learns: true,
    propose: (request) => {
      const ended = endedCells(request.history);
      if (ended < settings.startup) {
        const reason = `drawn at random: ${String(ended)} of ${String(settings.startup)} cells to learn from have ended`;
        return freshCell(request, () => ({ assignment: randomAssignment(request), reason }));
      }
      const search = new ParzenSearch(request.space, inOrder(request.history), settings);
      return freshCell(
        request,
        (attempt) => {
          const values = new Map<string, ParameterValue>();
          const { ratio, counts } = search.choose(values, proposalStream(request, 'tpe', attempt));
          const times = ratio.toPrecision(3);
          return {
            // Every parameter that counts was given a value.
            assignment: assign(request.space, ({ name }) => values.get(name) as ParameterValue),
            reason: `best of ${String(settings.candidates)} candidates: ${times} times as dense among ${counts}`,
          };
        },
        attempts,
      );
    },
  };
}
