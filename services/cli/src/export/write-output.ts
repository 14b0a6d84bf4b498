/**
 * Writes an export so that its path holds the whole of it or what it held before: under another name beside it first, then renamed.
 */
import { link, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describeError, WeftError } from '@weft/core';
import { layersModelFile } from '@weft/engine';
import type { ModelOutput } from './model-files.ts';

/**
 * Writes `output` to `path`. Throws 'already-exists' where something is there and `replace` is false, or is no export of this
 * kind; 'not-found' where the folder above is missing; 'resource-exhausted' or 'unavailable' where it cannot be written.
 */
export async function writeOutput(path: string, output: ModelOutput, replace: boolean): Promise<void> {
  const existing = await kindOf(path);
  if (existing !== undefined) await checkReplaceable(path, existing, output.kind, replace);
  const temporary = `${path}.partial-${String(process.pid)}`;
  const former = `${path}.former-${String(process.pid)}`;
  try {
    if (output.kind === 'file') {
      await writeFile(temporary, output.bytes, { flush: true });
      // A link, unlike a rename, never takes the place of a file that came meanwhile.
      if (replace) await rename(temporary, path);
      else await link(temporary, path);
      return;
    }
    await mkdir(temporary);
    for (const { name, bytes } of output.files) await writeFile(join(temporary, name), bytes, { flush: true });
    if (existing !== undefined) await rename(path, former);
    try {
      await rename(temporary, path);
    } catch (cause) {
      if (existing !== undefined) await rename(former, path);
      throw cause;
    }
    await rm(former, { recursive: true, force: true });
  } catch (cause) {
    throw asFailure(path, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

type Existing = 'file' | 'folder';

async function kindOf(path: string): Promise<Existing | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found === undefined ? undefined : found.isDirectory() ? 'folder' : 'file';
}

async function checkReplaceable(path: string, existing: Existing, wanted: Existing, replace: boolean): Promise<void> {
  if (!replace) {
    throw new WeftError(
      'already-exists',
      `${path} exists already; choose another --output, or replace it with --force`,
    );
  }
  if (existing !== wanted) {
    throw new WeftError(
      'already-exists',
      `${path} is a ${existing}, and a ${wanted} is to be written; remove it first`,
    );
  }
  if (existing === 'file') return;
  const names = await readdir(path);
  if (names.length === 0 || names.includes(layersModelFile)) return;
  throw new WeftError(
    'already-exists',
    `${path} holds no exported model, so --force does not replace it; remove it first`,
  );
}

function asFailure(path: string, cause: unknown): WeftError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EEXIST' || code === 'ENOTEMPTY') {
    return new WeftError('already-exists', `${path} came to exist meanwhile; choose another --output`);
  }
  if (code === 'ENOENT') {
    return new WeftError('not-found', `cannot write ${path}: there is no folder ${dirname(path)}; make it first`);
  }
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const remedy = isFull ? 'free some space, or choose another --output' : 'choose another --output';
  return new WeftError(
    isFull ? 'resource-exhausted' : 'unavailable',
    `cannot write ${path}: ${describeError(cause)}; ${remedy}`,
    { cause },
  );
}
