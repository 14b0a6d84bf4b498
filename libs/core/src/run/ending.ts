/** How a run ends. */
import { lose } from './losing.ts';
import { describeNonFinite, type NonFinite } from './non-finite.ts';
import type { RunEvent, RunOutcome } from './run-event.ts';
import { describeStep } from './run-plan.ts';
import type { RunState } from './run-state.ts';

export function fail(run: RunState, event: RunEvent & { kind: 'trainer-failed' }): void {
  if (!run.candidates.has(event.trainer) && !run.membership.has(event.trainer)) return;
  run.emit({ kind: 'notice', text: `trainer ${event.trainer} cannot take part: ${event.message}` });
  run.emit({ kind: 'close', trainer: event.trainer, reason: event.message });
  lose(run, event.trainer, `is let go: ${event.message}`);
  const left = run.membership.size + run.candidates.size;
  // What one cannot, another may: the run fails when nobody is left to be asked.
  if (run.phase.kind !== 'waiting' || left + event.others >= (run.started ? 1 : run.required)) return;
  end(run, { kind: 'failed', code: event.code, message: `trainer ${event.trainer}: ${event.message}` });
}

/** Ends the run because the step at `position` cannot be committed. */
export function diverge(run: RunState, position: number, what: NonFinite | undefined): void {
  const where = describeStep(run.course.plan, position);
  end(run, { kind: 'diverged', message: `${describeNonFinite(what)} in ${where}` });
}

export function end(run: RunState, outcome: RunOutcome): void {
  run.phase = { kind: 'ended', outcome };
  run.emit({ kind: 'end', outcome });
  const reason = outcome.kind === 'finished' ? 'finished' : outcome.message;
  for (const trainer of [...run.membership.dissolve(), ...run.candidates.all()].sort()) {
    run.emit({ kind: 'close', trainer, reason });
  }
  run.candidates.clear();
}
