/** A step in which the coordinator adds what the members computed, round after round, and commits. */
import { chunksOf } from '../reduction-tree.ts';
import { ChunkLedger } from './chunk-ledger.ts';
import { rejectPartial } from './partial-verdict.ts';
import { openBoundary } from './pausing.ts';
import { RoundLedger } from './round-ledger.ts';
import type { RunEvent } from './run-event.ts';
import type { RunState } from './run-state.ts';

export function takePartial(run: RunState, event: RunEvent & { kind: 'partial' }): void {
  const { trainer, node } = event;
  if (run.phase.kind !== 'star') {
    run.emit({ kind: 'drop-partial', trainer, reason: 'no step is in hand' });
    return;
  }
  const { chunks, rounds } = run.phase;
  const { generation, members } = run.membership;
  const early = rounds.complete ? undefined : 'the rounds of the step are not over';
  const reason = early ?? rejectPartial({ position: run.position, generation, members, chunks }, event);
  if (reason !== undefined) {
    run.emit({ kind: 'drop-partial', trainer, reason });
    return;
  }
  const range = chunksOf(node, chunks.chunkCount);
  chunks.arrive(range);
  run.emit({ kind: 'accept-partial', trainer, position: run.position, node, attempt: chunks.attemptOf(range) });
  commitWhenDue(run);
}

export function takeRoundPartial(run: RunState, event: RunEvent & { kind: 'round-partial' }): void {
  const { trainer, node } = event;
  if (run.phase.kind !== 'star') {
    run.emit({ kind: 'drop-partial', trainer, reason: 'no step is in hand' });
    return;
  }
  const { chunks, rounds } = run.phase;
  const { generation, members } = run.membership;
  const { position } = run;
  const range = chunksOf(node, chunks.chunkCount);
  const reason = rejectPartial({ position, generation, members, chunks }, event) ?? rounds.reject(event.round, range);
  if (reason !== undefined) {
    run.emit({ kind: 'drop-partial', trainer, reason });
    return;
  }
  const round = rounds.arrive(range);
  run.emit({ kind: 'accept-round-partial', position, node });
  if (round !== undefined) run.emit({ kind: 'send-round', position, round, to: members });
}

/** A member without chunks is waited for in this way only: it takes updates, and gives nothing for which a step would wait. */
export function takeBacklog(run: RunState, full: boolean): void {
  run.backlog = full;
  commitWhenDue(run);
}

function commitWhenDue(run: RunState): void {
  if (run.phase.kind === 'star' && run.phase.chunks.complete && !run.backlog) commit(run);
}

function commit(run: RunState): void {
  const known = run.course.isKnown;
  const position = run.course.commit();
  const few = run.membership.size < run.required || run.membership.size === 1;
  const hold = run.hold || few || run.course.isAtEpochEnd;
  const { generation, members, shares } = run.membership;
  run.emit({ kind: 'commit', position, generation, hold, known, to: members });
  if (hold) openBoundary(run);
  else {
    const { chunkCount } = run.course;
    const rounds = new RoundLedger(run.transport.roundCount, chunkCount);
    run.phase = { kind: 'star', chunks: new ChunkLedger(chunkCount, members, shares), rounds };
  }
}
