/**
 * Keeps samplers from proposing a cell twice.
 *
 * A run is exact, so a cell that was proposed before has nothing new to tell. Where a float without step counts, chance never
 * repeats itself; elsewhere a sampler tries again, then draws at random, then takes the next cell of the grid that is new.
 */
import { valueCount } from '../space/parameter-values.ts';
import { assignmentText } from '../space/assignment-text.ts';
import type { Assignment, SearchSpace } from '../space/parameter.ts';
import { GridCells } from './grid/grid-cells.ts';
import { proposalStream } from './proposal-stream.ts';
import { randomAssignment } from './random-assignment.ts';
import type { CellObservation, Proposal, ProposalRequest } from './sampler.ts';

const attemptsAtRandom = 64;

/**
 * The first of the draws, of which there are `attempts`, that is in no cell of the history; or else another cell that is not,
 * or `exhausted` where there is none.
 */
export function freshCell(
  request: ProposalRequest,
  draw: (attempt: number) => { readonly assignment: Assignment; readonly reason: string },
  attempts = 1,
): Proposal {
  const first = draw(0);
  if (!wasProposed(request, first.assignment)) return { kind: 'cell', ...first };
  const proposed = new Set(request.history.map(({ assignment }) => assignmentText(assignment)));
  const isNew = (assignment: Assignment): boolean => !proposed.has(assignmentText(assignment));
  for (let attempt = 1; attempt < attempts; attempt++) {
    const drawn = draw(attempt);
    if (isNew(drawn.assignment)) return { kind: 'cell', ...drawn };
  }
  const again = 'the sampler repeats a cell';
  for (let attempt = 1; attempt <= attemptsAtRandom; attempt++) {
    const assignment = randomAssignment(request, attempt);
    if (isNew(assignment)) return { kind: 'cell', assignment, reason: `${again}: drawn at random` };
  }
  const grid = new GridCells(request.space);
  if (proposed.size >= grid.size)
    return { kind: 'exhausted', reason: `all ${String(grid.size)} cells of the space were proposed` };
  if (grid.size === Number.POSITIVE_INFINITY) return { kind: 'cell', ...first };
  const start = Math.floor(proposalStream(request, 'walk').uniform53() * grid.size);
  let index = start;
  while (!isNew(grid.at(index))) index = (index + 1) % grid.size;
  return { kind: 'cell', assignment: grid.at(index), reason: `${again}: the next of the grid that is new` };
}

function wasProposed({ space, history }: ProposalRequest, assignment: Assignment): boolean {
  if (hasContinuous(space, assignment)) return false;
  // What has most values tells most cells apart, so a long history is seen through quickly.
  const names = space
    .filter(({ name }) => assignment.has(name))
    .sort((a, b) => valueCount(b) - valueCount(a))
    .map(({ name }) => name);
  const equals = ({ assignment: other }: CellObservation): boolean =>
    names.every((name) => other.get(name) === assignment.get(name)) && other.size === names.length;
  return history.some(equals);
}

/** Whether a float without step counts in the assignment. */
function hasContinuous(space: SearchSpace, assignment: Assignment): boolean {
  return space.some(
    (parameter) => valueCount(parameter) === Number.POSITIVE_INFINITY && assignment.has(parameter.name),
  );
}
