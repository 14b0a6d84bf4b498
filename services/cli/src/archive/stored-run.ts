/** A recorded run in a store that no coordinator has open. */
import { describeError, WeftError, type ChainedLine, type RunId } from '@weft/core';
import { readCheckpoint, type RunArchive } from '@weft/store';
import type { RecordedRun } from './recorded-run.ts';

const linesAtOnce = 1000;

/** The run `runId` of `archive`, which stays open for as long as the run is used. Throws 'not-found', or 'corrupt'. */
export function storedRun(archive: RunArchive, stateDirectory: string, runId: RunId): RecordedRun {
  const stored = archive.find(runId);
  if (stored === undefined) {
    throw new WeftError('not-found', `there is no run ${runId} in the store of ${stateDirectory}`);
  }
  const { configuration, state, result, engineFingerprint } = stored;
  return {
    ...{ runId, configuration, state, result, engineFingerprint },
    epochs: archive.epochs(runId),
    source: stateDirectory,
    ledger: () => lines(archive, runId),
    checkpoint: async (position) => {
      const newest = archive.checkpoints(runId).findLast((checkpoint) => checkpoint.position <= position);
      if (newest === undefined) return { problem: 'none that old is kept' };
      try {
        const bytes = await readCheckpoint(archive, stateDirectory, runId, newest.position);
        return { position: newest.position, bytes };
      } catch (thrown) {
        return { problem: describeError(thrown) };
      }
    },
  };
}

/* eslint-disable @typescript-eslint/require-await -- the store answers at once, a coordinator would not */
async function* lines(archive: RunArchive, runId: RunId): AsyncGenerator<ChainedLine> {
  for (let next = 0; ;) {
    const page = archive.ledgerLines(runId, next, linesAtOnce);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    next = last.position + 1;
  }
}
/* eslint-enable @typescript-eslint/require-await */
