/** The archive service: what the store has of a run, for those who check it or compute it again. */
import { runId as brandRunId, stepsPerEpoch, WeftError } from '@weft/core';
import type { RunStore } from '@weft/store';
import {
  ArchiveService,
  bindService,
  frameBytes,
  planOf,
  RunState,
  type BoundService,
  type BugReporter,
  type MessageInitShape,
  type ReadCheckpointResponseSchema,
  type ReadLedgerResponseSchema,
} from '@weft/wire';
import type { RunContext } from './run-context.ts';

const linesAtOnce = 256;

/** Serves from the store; `checkpoints` are those of the coordinator. */
export function createArchiveService(
  store: RunStore,
  checkpoints: RunContext['checkpoints'],
  reportBug: BugReporter,
): BoundService {
  return bindService(
    ArchiveService,
    {
      readLedger: ({ runId }) => ledger(store, runId),
      readCheckpoint: ({ runId, atOrBefore }) => checkpoint(store, checkpoints, runId, Number(atOrBefore)),
    },
    reportBug,
  );
}

/* eslint-disable @typescript-eslint/require-await -- the store answers at once; the consumer sets the pace */
async function* ledger(
  store: RunStore,
  run: string,
): AsyncGenerator<MessageInitShape<typeof ReadLedgerResponseSchema>> {
  const { runId, state, configuration } = find(store, run);
  const isOver = state !== RunState.QUEUED && state !== RunState.RUNNING;
  const recorded = store.epochs(runId).length * stepsPerEpoch(planOf(configuration).batch);
  const end = isOver ? Number.MAX_SAFE_INTEGER : recorded;
  for (let next = 0; next < end;) {
    const lines = store.ledgerLines(runId, next, Math.min(linesAtOnce, end - next));
    const last = lines.at(-1);
    if (last === undefined) return;
    yield { lines: lines.map((line) => ({ ...line, position: BigInt(line.position) })) };
    next = last.position + 1;
  }
}
/* eslint-enable @typescript-eslint/require-await */

async function* checkpoint(
  store: RunStore,
  checkpoints: RunContext['checkpoints'],
  run: string,
  limit: number,
): AsyncGenerator<MessageInitShape<typeof ReadCheckpointResponseSchema>> {
  const { runId } = find(store, run);
  const newest = store.checkpoints(runId).findLast(({ position }) => position <= limit);
  if (newest === undefined) {
    throw new WeftError('not-found', `run ${run} has no checkpoint at or before position ${String(limit)}`);
  }
  const bytes = await checkpoints.read(runId, newest.position);
  const about = { position: BigInt(newest.position), totalBytes: BigInt(bytes.length) };
  for (let offset = 0; offset < bytes.length; offset += frameBytes) {
    yield { ...about, piece: bytes.subarray(offset, offset + frameBytes) };
  }
}

function find(store: RunStore, run: string): NonNullable<ReturnType<RunStore['find']>> {
  const stored = store.find(brandRunId(run));
  if (stored === undefined) throw new WeftError('not-found', `run ${run} does not exist`);
  return stored;
}
