/**
 * Checkpoints of runs: files whose digests are in the store, so that a damaged one is told from a good one before any trainer
 * gets it. A file counts once its digest is recorded, and old files go only after that.
 */
import { WeftError, type RunId } from '@weft/core';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { checkpointFile, keepCheckpointFiles, readCheckpointFile, writeCheckpointFile } from './checkpoint-files.ts';
import type { RunArchive, RunStore } from './run-store.ts';

/** Where the checkpoints of a run are. */
export function checkpointDirectory(stateDirectory: string, run: RunId): string {
  return join(stateDirectory, 'runs', run, 'checkpoints');
}

/**
 * Writes the checkpoint at `position`, records it, and removes all but the newest `kept`, this one among them. Gives its file.
 * When it resolves, the checkpoint is there after a crash of the machine too. Throws 'resource-exhausted' or 'unavailable'.
 */
export async function writeCheckpoint(
  store: RunStore,
  stateDirectory: string,
  kept: number,
  checkpoint: { readonly run: RunId; readonly position: number; readonly bytes: Uint8Array },
): Promise<string> {
  const { run, position, bytes } = checkpoint;
  const directory = checkpointDirectory(stateDirectory, run);
  const digest = await sha256(bytes);
  const file = await writeCheckpointFile(directory, position, bytes);
  const older = store.checkpoints(run).filter((recorded) => recorded.position < position);
  const keep = [...older.map((recorded) => recorded.position), position].slice(-kept);
  store.recordCheckpoint(run, { position, digest }, keep[0] ?? position);
  await keepCheckpointFiles(directory, keep);
  return file;
}

/** The bytes of a recorded checkpoint. Throws 'not-found' or 'corrupt', naming the file. */
export async function readCheckpoint(
  archive: RunArchive,
  stateDirectory: string,
  run: RunId,
  position: number,
): Promise<Uint8Array> {
  const directory = checkpointDirectory(stateDirectory, run);
  const recorded = archive.checkpoints(run).find((checkpoint) => checkpoint.position === position);
  if (recorded === undefined) {
    throw new WeftError('not-found', `no checkpoint is recorded at position ${String(position)} of run ${run}`);
  }
  const bytes = await readCheckpointFile(directory, position);
  const digest = await sha256(bytes);
  if (digest === recorded.digest) return bytes;
  const file = checkpointFile(directory, position);
  throw new WeftError('corrupt', `the checkpoint ${file} is damaged: its SHA-256 is ${digest}, not ${recorded.digest}`);
}

/** Off this thread: a checkpoint may have hundreds of megabytes. */
async function sha256(bytes: Uint8Array): Promise<string> {
  // Node's own buffers are never shared memory.
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}
