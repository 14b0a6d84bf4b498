/** Draws cells at random, each apart from all others: the yardstick of every other sampler. */
import { freshCell } from './fresh-cell.ts';
import { randomAssignment } from './random-assignment.ts';
import type { Sampler } from './sampler.ts';

/** Never proposes a cell twice; in a space of countable cells it is exhausted when all were proposed. */
export const randomSampler: Sampler = {
  name: 'random',
  learns: false,
  propose: (request) =>
    freshCell(request, () => ({ assignment: randomAssignment(request), reason: 'drawn at random' })),
};
