/**
 * Checkpoints as files, written so that a crash leaves the old one or the new one, never half of one: temporary file, fsync,
 * rename, fsync of the directory.
 */
import { describeError, WeftError } from '@weft/core';
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const suffix = '.safetensors';
/** Of a file that is being written, or that a crash left so. */
const partialSuffix = '.partial';

/** The file of the checkpoint at `position`. */
export function checkpointFile(directory: string, position: number): string {
  return join(directory, `step-${String(position).padStart(9, '0')}${suffix}`);
}

/** Writes the checkpoint at `position` and removes all but the newest `keep`, and what a crash left. Throws 'resource-exhausted' or 'unavailable'. */
export async function writeCheckpoint(
  directory: string,
  position: number,
  bytes: Uint8Array,
  keep: number,
): Promise<string> {
  const file = checkpointFile(directory, position);
  try {
    await mkdir(directory, { recursive: true });
    await writeAtomically(directory, file, bytes);
    const names = (await readdir(directory)).sort();
    const old = names.filter((name) => name.endsWith(suffix)).slice(0, -keep);
    const leftovers = names.filter((name) => name.endsWith(partialSuffix));
    for (const name of [...old, ...leftovers]) await rm(join(directory, name), { force: true });
    return file;
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    const code = full ? 'resource-exhausted' : 'unavailable';
    const remedy = full ? 'free some space and resume the run' : 'make the state directory writable and resume the run';
    throw new WeftError(code, `cannot write the checkpoint ${file}: ${describeError(cause)}; ${remedy}`, { cause });
  }
}

/** The bytes of the checkpoint at `position`. Throws 'not-found' naming the file. */
export async function readCheckpoint(directory: string, position: number): Promise<Uint8Array> {
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
  const parent = await open(directory, 'r');
  try {
    await parent.sync();
  } finally {
    await parent.close();
  }
}
