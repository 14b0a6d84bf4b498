/**
 * Checkpoints as files, written so that a crash leaves the old one or the new one, never half of one: temporary file, fsync,
 * rename, fsync of the directory.
 */
import { describeError, WeftError } from '@weft/core';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const suffix = '.safetensors';
/** Of a file that is being written, or that a crash left so. */
const partialSuffix = '.partial';

/** The file of the checkpoint at `position`. */
export function checkpointFile(directory: string, position: number): string {
  return join(directory, `step-${String(position).padStart(9, '0')}${suffix}`);
}

/** Writes the checkpoint at `position`; gives its file. Throws 'resource-exhausted' or 'unavailable'. */
export async function writeCheckpointFile(directory: string, position: number, bytes: Uint8Array): Promise<string> {
  const file = checkpointFile(directory, position);
  try {
    await makeDurably(directory);
    await writeAtomically(directory, file, bytes);
    return file;
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    const code = full ? 'resource-exhausted' : 'unavailable';
    const remedy = full ? 'free some space and resume the run' : 'make the state directory writable and resume the run';
    throw new WeftError(code, `cannot write the checkpoint ${file}: ${describeError(cause)}; ${remedy}`, { cause });
  }
}

/** Removes the checkpoints that are not at one of `positions`, and what a crash left of others. */
export async function keepCheckpointFiles(directory: string, positions: readonly number[]): Promise<void> {
  const kept = new Set(positions.map((position) => checkpointFile(directory, position)));
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const isCheckpoint = name.endsWith(suffix) || name.endsWith(partialSuffix);
    if (isCheckpoint && !kept.has(file)) await rm(file, { force: true });
  }
}

/** The bytes of the checkpoint at `position`. Throws 'not-found' naming the file. */
export async function readCheckpointFile(directory: string, position: number): Promise<Uint8Array> {
  const file = checkpointFile(directory, position);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new WeftError('not-found', `cannot read the checkpoint ${file}: ${describeError(cause)}`, { cause });
  }
}

async function writeAtomically(directory: string, file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}${partialSuffix}`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    // On a full disk this gives back the space that the store needs to record why the run ended.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause;
  }
  await syncDirectory(directory);
}

/** Makes a directory and those above it that are missing, so that they are there after a crash of the machine too. */
async function makeDurably(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
