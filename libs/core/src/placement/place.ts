/**
 * Decides which trainers work for which runs.
 *
 * First gangs for runs that lack trainers, in the order of priority, fair shares of groups, urgency and submission; then what is left
 * goes to runs that are on; then shares are evened out, one trainer at a time. A run is never taken below what it needs, whoever
 * waits. Results never depend on any of this: only when they are there.
 */
import { Board } from './board.ts';
import { placeClaims } from './claims.ts';
import { evenOut, growRuns } from './growth.ts';
import type { Placement, PlacementRequest } from './placement-request.ts';

/** What is to be done now. Runs and trainers may come in any order: it decides nothing. */
export function place(request: PlacementRequest): Placement {
  const board = new Board(request);
  placeClaims(board);
  growRuns(board);
  evenOut(board);
  return { actions: board.actions, waiting: board.waiting, misfits: misfitsOf(board), againMs: board.againMs };
}

/** Trainers that are still idle though a run would have one more, but not of their engine. */
function misfitsOf(board: Board): Placement['misfits'] {
  return board.runs.flatMap((run) => {
    const size = board.held(run).length;
    const wants = board.isOn(run) && (run.maxTrainers === 0 || size < run.maxTrainers);
    if (!wants) return [];
    return board.free
      .filter((trainer) => !run.refused.has(trainer.id) && !board.fits(run, trainer))
      .map((trainer) => ({ run: run.id, trainer: trainer.id }));
  });
}
