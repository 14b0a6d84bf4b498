/** Files that are there as a whole or not at all, and what is told where a state directory cannot be written. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError, WeftError } from '@weft/core';

/** Writes a file so that readers, also those after a crash, see the old text or the new one, never a part. Throws `unwritable`. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  try {
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, file);
  } catch (cause) {
    // On a full disk this gives back what was taken.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(dirname(file), cause);
  }
}

/** Makes a folder and those above it, where they are not there. Throws `unwritable`. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

/** 'resource-exhausted' for a full disk, else 'unavailable'; with what to do. */
export function unwritable(path: string, cause: unknown): WeftError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const remedy = full ? 'free some space, or' : 'make it writable, or';
  return new WeftError(
    full ? 'resource-exhausted' : 'unavailable',
    `cannot write to ${path}: ${describeError(cause)}; ${remedy} choose another directory with --state-dir`,
    { cause },
  );
}
