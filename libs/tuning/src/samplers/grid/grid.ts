/** Proposes every cell of the grid over all values, in order, each exactly once. Neither the seed nor the history changes it. */
import { invariant } from '@weft/core';
import { valueCount } from '../../space/parameter-values.ts';
import type { SearchSpace } from '../../space/parameter.ts';
import type { Sampler } from '../sampler.ts';
import { GridCells } from './grid-cells.ts';

export const gridSampler: Sampler = {
  name: 'grid',
  learns: false,
  propose: ({ space, cell }) => {
    invariant(problemsOfGrid(space).length === 0, `a grid over a space that has none: ${problemsOfGrid(space).join()}`);
    const cells = new GridCells(space);
    const size = String(cells.size);
    return cell < cells.size
      ? { kind: 'cell', assignment: cells.at(cell), reason: `cell ${String(cell + 1)} of ${size} of the grid` }
      : { kind: 'exhausted', reason: `all ${size} cells of the grid were proposed` };
  },
};

/** Number of cells of the grid over a space; `Infinity` where it has none, because a float without step counts. */
export function gridSize(space: SearchSpace): number {
  return new GridCells(space).size;
}

/** Why a space has no grid: the parameters whose values cannot be listed. */
export function problemsOfGrid(space: SearchSpace): string[] {
  return space.flatMap((parameter) =>
    valueCount(parameter) === Number.POSITIVE_INFINITY
      ? [`"${parameter.name}" is a float without step; a grid needs a step, or choices`]
      : [],
  );
}
