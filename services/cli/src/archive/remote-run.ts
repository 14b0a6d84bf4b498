/** A recorded run of a coordinator that is asked for it. */
import { describeError, WeftError, type ChainedLine } from '@weft/core';
import type { ArchiveService, RunService, ServiceClient } from '@weft/wire';
import type { RecordedCheckpoint, RecordedRun } from './recorded-run.ts';

/** How a coordinator is asked. */
export interface ArchiveClients {
  readonly runs: ServiceClient<typeof RunService>;
  readonly archive: ServiceClient<typeof ArchiveService>;
}

/** The run `runId` of the coordinator at `address`. Throws 'not-found', or that it cannot be reached. */
export async function remoteRun(
  { runs, archive }: ArchiveClients,
  address: string,
  runId: string,
  signal: AbortSignal,
): Promise<RecordedRun> {
  const { run } = await runs.getRun({ runId }, { signal });
  if (run?.configuration === undefined) {
    throw new WeftError('corrupt', `the coordinator at ${address} answered without the configuration of run ${runId}`);
  }
  const { configuration, state, epochs, result, engineFingerprint } = run;
  return {
    ...{ runId, configuration, state, epochs, result, engineFingerprint },
    source: `the coordinator at ${address}`,
    ledger: () => lines(archive, runId, signal),
    checkpoint: async (position) => {
      try {
        return await readCheckpoint(archive, runId, position, signal);
      } catch (thrown) {
        return { problem: describeError(thrown) };
      }
    },
  };
}

async function* lines(
  archive: ArchiveClients['archive'],
  runId: string,
  signal: AbortSignal,
): AsyncGenerator<ChainedLine> {
  for await (const answer of archive.readLedger({ runId }, { signal })) {
    for (const { position, text, digest } of answer.lines) yield { position: Number(position), text, digest };
  }
}

async function readCheckpoint(
  archive: ArchiveClients['archive'],
  runId: string,
  limit: number,
  signal: AbortSignal,
): Promise<RecordedCheckpoint> {
  let position = 0;
  let bytes = new Uint8Array(0);
  let received = 0;
  for await (const answer of archive.readCheckpoint({ runId, atOrBefore: BigInt(limit) }, { signal })) {
    if (received === 0) {
      position = Number(answer.position);
      bytes = new Uint8Array(Number(answer.totalBytes));
    }
    bytes.set(answer.piece, received);
    received += answer.piece.length;
  }
  if (received === bytes.length && received > 0) return { position, bytes };
  throw new WeftError('corrupt', `${String(received)} of ${String(bytes.length)} bytes of a checkpoint came`);
}
