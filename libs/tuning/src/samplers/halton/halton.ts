/** Proposes the points of a scrambled Halton sequence: one coordinate for each parameter of the space, unused where it does not count. */
import { assign } from '../../space/active-parameters.ts';
import { valueAtUnit } from '../../space/unit-interval.ts';
import { freshCell } from '../fresh-cell.ts';
import type { Sampler } from '../sampler.ts';
import { haltonCoordinate } from './halton-sequence.ts';

/** Never proposes a cell twice: where countable values make two points one cell, the second is drawn at random. */
export const haltonSampler: Sampler = {
  name: 'halton',
  learns: false,
  propose: (request) =>
    freshCell(request, () => ({
      assignment: assign(request.space, (parameter, position) =>
        valueAtUnit(parameter, haltonCoordinate(request.seed, position, request.cell)),
      ),
      reason: `point ${String(request.cell)} of a scrambled Halton sequence`,
    })),
};
