/**
 * From where a run goes on when what was stored of it is damaged: the newest checkpoint at which everything is whole.
 *
 * Looked at are the results of epochs and the part of the ledger since the checkpoint before; older lines change nothing that is
 * still to come, and `weft verify` looks at them all. Files are looked at when they are read. The bytes that come out do not depend
 * on how far a run goes back: only the time does.
 */
import { ledgerLink, ledgerOrigin, stepsPerEpoch, WeftError } from '@weft/core';
import type { RunArchive, StoredRun, WayBack } from '@weft/store';
import { configurationDigest, planOf, runAssignmentOf } from '@weft/wire';
import { hash } from 'node:crypto';

/** A checkpoint whose file cannot be used. */
export interface LostCheckpoint {
  readonly position: number;
  readonly reason: string;
}

const linesAtOnce = 1000;

/** Where `run` must go back to, or `undefined` where it can go on from its newest checkpoint. */
export function wayBack(store: RunArchive, run: StoredRun, lost?: LostCheckpoint): WayBack | undefined {
  const limit = lost === undefined ? run.checkpoint : Math.min(run.checkpoint, lost.position - 1);
  const recorded = store.checkpoints(run.runId).map(({ position }) => position);
  const candidates = [...recorded.filter((position) => position > 0 && position <= limit), 0].sort((a, b) => b - a);
  let reason = lost?.reason;
  if (reason === undefined && candidates[0] !== run.checkpoint) {
    reason = `no checkpoint is recorded at position ${String(run.checkpoint)}`;
  }
  for (const [index, position] of candidates.entries()) {
    const damage = damageAt(store, run, position, candidates[index + 1] ?? 0);
    reason ??= damage;
    if (damage !== undefined) continue;
    if (position === run.checkpoint) return undefined;
    const where = position === 0 ? 'the start' : `the checkpoint at position ${String(position)}`;
    const remark = `went back from position ${String(run.checkpoint)} to ${where}: ${reason ?? ''}`;
    return { checkpoint: position, epochs: position / stepsPerEpoch(planOf(run.configuration).batch), remark };
  }
  return undefined;
}

/** What of the run is damaged at `position`, given the checkpoint before. */
function damageAt(store: RunArchive, run: StoredRun, position: number, before: number): string | undefined {
  if (position === 0) return undefined;
  try {
    const needed = position / stepsPerEpoch(planOf(run.configuration).batch);
    const epochs = store.epochs(run.runId, needed).length;
    if (epochs !== needed) return `the results of ${String(needed)} epochs are needed, ${String(epochs)} are stored`;
    return brokenLine(store, run, before, position);
  } catch (thrown) {
    if (thrown instanceof WeftError && thrown.code === 'corrupt') return thrown.message;
    throw thrown;
  }
}

/** What is wrong with the lines [first, end) of the ledger. */
function brokenLine(store: RunArchive, run: StoredRun, first: number, end: number): string | undefined {
  const { runId } = run;
  let digest = sha256(ledgerOrigin(configurationDigest(runAssignmentOf(runId, run.configuration))));
  if (first > 0) digest = store.ledgerLines(runId, first - 1, 1)[0]?.digest ?? '';
  for (let next = first; next < end;) {
    const lines = store.ledgerLines(runId, next, Math.min(linesAtOnce, end - next));
    if (lines.length === 0) return `line ${String(next)} of its ledger is missing`;
    for (const line of lines) {
      if (line.position !== next) return `line ${String(next)} of its ledger is missing`;
      if (sha256(ledgerLink(digest, line.text)) !== line.digest) return `line ${String(next)} of its ledger is damaged`;
      digest = line.digest;
      next++;
    }
  }
  return undefined;
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
