/** How trainers become members: loaded, brought to where the run stands, admitted, and given work. */
import type { TrainerId } from '../id.ts';
import { ChunkLedger } from './chunk-ledger.ts';
import { Gang } from './gang.ts';
import { openBoundary, pause, tellBoundary } from './pausing.ts';
import { regroupEffects, type Generation } from './regroup.ts';
import { RoundLedger } from './round-ledger.ts';
import type { RunState } from './run-state.ts';
import { divideBySpeed } from './timing.ts';

export function open(run: RunState, trainer: TrainerId): void {
  run.candidates.await(trainer, 0);
  run.emit({ kind: 'open', trainer });
}

export function ready(run: RunState, trainer: TrainerId, position: number): void {
  // What it was told by the machine before this one, it may answer only now.
  if (!run.candidates.isAwaited(trainer, position)) return;
  run.candidates.stands(trainer, position);
  if (run.phase.kind === 'waiting') goOnWhenReady(run);
  else if (run.phase.kind === 'boundary')
    tellBoundary(run, (boundary) => {
      boundary.synced(trainer);
    });
  else pause(run);
}

/** From `waiting`: brings the ready candidates to the run's position, and goes on when enough stand there. */
export function goOnWhenReady(run: RunState): void {
  if (run.membership.size + run.candidates.ready().length < run.required) return;
  if (run.membership.size > 0) {
    openBoundary(run);
    return;
  }
  const elsewhere = run.candidates.elsewhere(run.position);
  if (elsewhere.length > 0) bring(run, elsewhere);
  else {
    run.started = true;
    admit(run);
    if (run.course.isEpochRecorded && !run.course.isOver) regroup(run);
    else openBoundary(run);
  }
}

/** Brings replicas to the run's position, which is that of its checkpoint, or the start. */
function bring(run: RunState, trainers: readonly TrainerId[]): void {
  for (const trainer of trainers) {
    if (run.position === 0) open(run, trainer);
    else run.candidates.await(trainer, run.position);
  }
  if (run.position > 0) run.emit({ kind: 'send-checkpoint', position: run.position, to: trainers });
}

/** Makes members of the candidates that stand at the run's position. */
function admit(run: RunState): void {
  const joining = run.candidates.at(run.position);
  if (joining.length === 0) return;
  for (const trainer of joining) run.candidates.remove(trainer);
  run.membership.admit(joining);
}

/** Starts work on the step at the current position, with everyone who stands there, if they are enough. */
export function regroup(run: RunState): void {
  admit(run);
  run.hold = false;
  run.phase = { kind: 'waiting' };
  if (run.membership.size < run.required) return;
  divideBySpeed(run);
  work(run, new ChunkLedger(run.course.chunkCount, run.members, run.membership.shares));
  // It was asked for while nobody worked.
  if (run.audit) pause(run);
}

/** Tells the members to work on `chunks` of the step at the current position. */
export function work(run: RunState, chunks: ChunkLedger): void {
  const generation = formed(run);
  const choice = run.transport.choose(run.membership);
  const autonomous = choice.transport === 'direct';
  run.phase = autonomous
    ? { kind: 'autonomous', gang: new Gang(run.course.plan, generation, chunks) }
    : { kind: 'star', chunks, rounds: new RoundLedger(run.transport.roundCount, chunks.chunkCount) };
  run.emit(...regroupEffects(generation, chunks, choice));
}

/** The current generation, to work from the current position. */
export function formed(run: RunState): Generation {
  const { generation: number, members, shares } = run.membership;
  return { number, members, shares, position: run.position };
}
