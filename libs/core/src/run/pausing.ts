/** The boundary between two steps, and what calls for one. */
import { Boundary, type BoundaryAction, type EvaluationRequest } from './boundary.ts';
import { end } from './ending.ts';
import { regroup } from './joining.ts';
import { dissent, release } from './losing.ts';
import type { RunState } from './run-state.ts';

export function openBoundary(run: RunState): void {
  for (const [trainer, reason] of [...run.leaving].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // The last member stays until the step is done; one that fell a step behind, and is to join again, is no member.
    if (run.membership.size > 1 || !run.membership.has(trainer)) release(run, trainer, reason);
  }
  const course = run.course;
  const boundary = new Boundary(course.plan, course, run.members, run.audit);
  run.audit = false;
  run.phase = { kind: 'boundary', boundary };
  evaluate(run, boundary, boundary.requests(run.members));
  advanceBoundary(run);
}

export function evaluate(run: RunState, { position }: Boundary, requests: readonly EvaluationRequest[]): void {
  for (const request of requests) run.emit({ kind: 'evaluate', position, ...request });
}

export function tellBoundary(run: RunState, tell: (boundary: Boundary) => void): void {
  if (run.phase.kind !== 'boundary') return;
  tell(run.phase.boundary);
  advanceBoundary(run);
}

/** Does whatever of the boundary can be done now, and leaves it when all is done. */
export function advanceBoundary(run: RunState): void {
  if (run.phase.kind !== 'boundary') return;
  const { boundary } = run.phase;
  const behind = run.course.isOver ? [] : run.candidates.elsewhere(boundary.position);
  for (const action of boundary.advance(run.members, behind)) carryOut(run, boundary, action);
}

function carryOut(run: RunState, boundary: Boundary, action: BoundaryAction): void {
  const { position } = boundary;
  switch (action.kind) {
    case 'request-snapshot':
      run.emit({ kind: 'request-snapshot', from: action.from, position });
      return;
    case 'write-checkpoint':
      run.emit({ kind: 'write-checkpoint', position });
      return;
    case 'send-snapshot':
      for (const trainer of action.to) run.candidates.await(trainer, position);
      run.emit({ kind: 'send-snapshot', position, to: action.to });
      return;
    case 'dissent':
      dissent(run, boundary, action.trainers);
      return;
    case 'leave':
      leaveBoundary(run, boundary);
      return;
  }
}

function leaveBoundary(run: RunState, boundary: Boundary): void {
  const { validation, test, weightsDigest } = boundary.results();
  if (validation !== undefined) {
    const { generation, size: worldSize } = run.membership;
    const { position } = boundary;
    // Only now: to go back to a checkpoint without its epoch's result would lose what the epoch was trained with.
    const epoch = run.course.recordEpoch(validation);
    run.emit({ kind: 'record-epoch', epoch, position, validation, weightsDigest, generation, worldSize });
  }
  if (boundary.audited) {
    const { position } = boundary;
    const replicas = run.membership.size;
    const text = `${String(replicas)} replicas are equal at position ${String(position)}: ${weightsDigest}`;
    run.emit({ kind: 'audited', position, replicas, weightsDigest, dissenting: [], text });
  }
  const { early, isOver } = run.course;
  if (test !== undefined)
    end(run, { kind: 'finished', test, weightsDigest, ...(early === undefined ? {} : { early }) });
  else if (isOver) openBoundary(run);
  else regroup(run);
}

/** Asks for a boundary after the step in hand. */
export function pause(run: RunState): void {
  if (run.hold || (run.phase.kind !== 'star' && run.phase.kind !== 'autonomous')) return;
  run.hold = true;
  const [first] = run.members;
  if (run.phase.kind === 'autonomous' && first !== undefined) run.emit({ kind: 'hold', trainer: first });
}

/** Has the replicas compared after the step in hand. */
export function audit(run: RunState): void {
  run.audit = true;
  pause(run);
}
