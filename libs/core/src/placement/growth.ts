/**
 * Trainers beyond those that runs need: given where nobody waits for them, moved where they are shared unevenly, taken where they
 * make nothing faster. Each move pauses a run for a moment, so a gang is left alone for a while after each.
 */
import type { Board } from './board.ts';
import { compareGrowth, compareSurplus } from './fair-order.ts';
import type { PlacedRun, PlacedTrainer } from './placement-request.ts';
import { judgeGrowth, judgeSize } from './worth.ts';

/** A trainer that has lost its run waits so long for one that needs it before it joins one that does not. */
const settleMs = 500;
/** A gang that has changed is not changed again for so long, but for runs that wait. */
const restMs = 3000;

/** Gives idle trainers to runs that become faster. */
export function growRuns(board: Board): void {
  for (const trainer of board.free) {
    const takers = board.runs.filter((run) => wantsMore(board, run) !== undefined && board.fits(run, trainer));
    const taker = takers.sort((a, b) => compareGrowth(board, a, b))[0];
    if (taker === undefined) continue;
    const idleMs = board.nowMs - trainer.idleSinceMs;
    if (idleMs < settleMs && !board.started.has(taker.id)) board.again(settleMs - idleMs);
    else board.give(taker, trainer, wantsMore(board, taker)?.reason ?? '');
  }
}

/** Takes one trainer from a run that is not the better for it, or that has more than its share of them. */
export function evenOut(board: Board): void {
  const { runs } = board;
  for (const run of runs) {
    const verdict = board.surplus(run) > 0 ? judgeSize(board.speeds, run, board.held(run).length) : undefined;
    if (verdict !== undefined && isRested(board, run)) {
      takeLast(board, run, verdict);
      return;
    }
  }
  if (board.free.length + board.coming.length + board.reserved > 0) return;
  const poor = runs.filter((run) => wantsMore(board, run)?.isMeasured === true);
  const rich = runs.filter((run) => board.surplus(run) > 0).sort((a, b) => compareSurplus(board, a, b));
  for (const to of poor.sort((a, b) => compareGrowth(board, a, b))) {
    const from = rich.find((run) => run !== to && isUneven(board, to, run));
    if (from === undefined || !board.held(from).some((trainer) => board.fits(to, trainer))) continue;
    if (isRested(board, from) && isRested(board, to)) takeLast(board, from, `run ${to.id} has fewer`, to);
    return;
  }
}

/** Why the run should have one more trainer, and whether that is more than a trial; `undefined` where it should not. */
function wantsMore(board: Board, run: PlacedRun): ReturnType<typeof judgeGrowth> {
  const size = board.held(run).length;
  if (!board.isOn(run) || size < run.required) return undefined;
  return judgeGrowth(board.speeds, run, size);
}

/** Whether `from` should give `to` one of its trainers: it has at least two more, or less of a right to them. */
function isUneven(board: Board, to: PlacedRun, from: PlacedRun): boolean {
  if (to.priority !== from.priority) return to.priority > from.priority;
  if (to.group !== from.group) return board.groupSize(to.group) + 2 <= board.groupSize(from.group);
  return to.urgency >= from.urgency && board.held(to).length + 2 <= board.held(from).length;
}

function isRested(board: Board, run: PlacedRun): boolean {
  const restedMs = board.nowMs - run.changedMs;
  if (restedMs < restMs) board.again(restMs - restedMs);
  return restedMs >= restMs;
}

function takeLast(board: Board, run: PlacedRun, reason: string, to?: PlacedRun): void {
  const able = (trainer: PlacedTrainer): boolean => to === undefined || board.fits(to, trainer);
  const trainer = board.held(run).findLast(able);
  if (trainer !== undefined) board.take(run, trainer, reason);
}
