/**
 * Finds the four files on this machine and reads them, never trusting them.
 *
 * A place counts only when it has all four files, compressed or plain. A file that is found there and is not the official
 * one, byte for byte, is an error wherever it lies: going on to the next place would hide a damaged disk or a mixed-up
 * data set from its owner.
 */
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import { fileRoles, officialFiles, type FileRole, type OfficialFile } from './official-files.ts';
import type { DataPlace } from './place.ts';

/** The paths of the four files, and the directory they are in. */
export interface LocalFiles {
  readonly directory: string;
  readonly paths: Readonly<Record<FileRole, string>>;
}

/** What a search found: the files, or one line for each place that was looked at, saying what is wrong with it. */
export type SearchResult =
  { readonly found: true; readonly files: LocalFiles } | { readonly found: false; readonly looked: readonly string[] };

/** Looks for the four files in `places`, in order; reads nothing. */
export async function searchPlaces(
  places: readonly DataPlace[],
  official: Readonly<Record<FileRole, OfficialFile>> = officialFiles,
): Promise<SearchResult> {
  const looked: string[] = [];
  for (const { directory, reason } of places) {
    const paths: Partial<Record<FileRole, string>> = {};
    const missing: string[] = [];
    for (const role of fileRoles) {
      const path = await firstExisting([
        join(directory, `${official[role].name}.gz`),
        join(directory, official[role].name),
      ]);
      if (path === undefined) missing.push(`${official[role].name}.gz`);
      else paths[role] = path;
    }
    if (isComplete(paths)) return { found: true, files: { directory, paths } };
    const lack =
      missing.length === fileRoles.length ? 'none of the four files is there' : `lacks ${missing.join(', ')}`;
    looked.push(`${directory} (${reason}): ${lack}`);
  }
  return { found: false, looked };
}

function isComplete(paths: Partial<Record<FileRole, string>>): paths is Record<FileRole, string> {
  return fileRoles.every((role) => paths[role] !== undefined);
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  return undefined;
}

/**
 * The bytes of the file at `path`, which must be `official` in its compressed form (a name in `.gz`) or its plain form.
 * Throws 'corrupt' with the expected and the actual size and checksum where it is not; 'unavailable' where it cannot be
 * read.
 */
export async function readOfficialFile(path: string, official: OfficialFile): Promise<Uint8Array> {
  const expected = path.endsWith('.gz') ? official.compressed : official.plain;
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new WeftError('unavailable', `${path} cannot be read: ${describeError(error)}`, { cause: error });
  });
  const actual = sha256Of(bytes);
  if (actual === expected.sha256) return bytes;
  const size =
    bytes.length === expected.bytes
      ? ''
      : `has ${String(bytes.length)} bytes instead of ${String(expected.bytes)} and `;
  throw new WeftError(
    'corrupt',
    `${path} ${size}is not the official file: expected SHA-256 ${expected.sha256}, got ${actual}. It was not used. ` +
      'Delete it or replace it by a good copy (files of the original MNIST have the same names)',
  );
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
