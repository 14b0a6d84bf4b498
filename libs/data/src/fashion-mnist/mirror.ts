/** Downloads the four files of Fashion-MNIST from the official mirrors into a directory. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import { withLock } from './download-lock.ts';
import { downloadFile } from './download.ts';
import type { LocalFiles } from './local-files.ts';
import { fileRoles, officialMirrors, type FileRole, type OfficialFile } from './official-files.ts';

/** How far a download has come. */
export interface DownloadProgress {
  /** The file being brought now. */
  readonly file: string;
  /** Bytes present of all four files, and their sum. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** How to download. */
export interface DownloadOptions {
  /** Base URLs, in order of preference; default: the official mirrors. */
  readonly mirrors?: readonly string[];
  /** Longest wait for the head of an answer; default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Longest silence within an answer; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** Longest wait for another process that downloads into the same directory; default 10 min. */
  readonly lockTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** The downloaded files, or one line for each thing that went wrong. */
export type MirrorOutcome =
  { readonly done: true; readonly files: LocalFiles } | { readonly done: false; readonly problems: readonly string[] };

/**
 * Brings the files that `directory` lacks, each verified before it gets its name. Stops at the first file that no mirror
 * has. Throws 'cancelled' only; every other failure is an outcome.
 */
export async function downloadOfficialFiles(
  directory: string,
  official: Readonly<Record<FileRole, OfficialFile>>,
  options: DownloadOptions,
): Promise<MirrorOutcome> {
  try {
    await mkdir(directory, { recursive: true });
    const lockPath = join(directory, 'download.lock');
    return await withLock(lockPath, options.lockTimeoutMs ?? 600_000, options.signal, () =>
      downloadMissing(directory, official, options),
    );
  } catch (error) {
    if (error instanceof WeftError && error.code === 'cancelled') throw error;
    return { done: false, problems: [`download into ${directory}: ${describeError(error)}`] };
  }
}

async function downloadMissing(
  directory: string,
  official: Readonly<Record<FileRole, OfficialFile>>,
  options: DownloadOptions,
): Promise<MirrorOutcome> {
  const limits = {
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 30_000,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const totalBytes = fileRoles.reduce((sum, role) => sum + official[role].compressed.bytes, 0);
  const pathOf = (role: FileRole): string => join(directory, `${official[role].name}.gz`);
  let finishedBytes = 0;
  for (const role of fileRoles) {
    const { name, compressed } = official[role];
    const file = `${name}.gz`;
    if (!(await exists(pathOf(role)))) {
      const urls = (options.mirrors ?? officialMirrors).map((mirror) => new URL(file, mirror).href);
      const outcome = await downloadFile(urls, pathOf(role), compressed, limits, (bytes) =>
        options.onProgress?.({ file, receivedBytes: finishedBytes + bytes, totalBytes }),
      );
      if (!outcome.done) return outcome;
    }
    finishedBytes += compressed.bytes;
    options.onProgress?.({ file, receivedBytes: finishedBytes, totalBytes });
  }
  const paths = {
    testLabels: pathOf('testLabels'),
    trainLabels: pathOf('trainLabels'),
    testImages: pathOf('testImages'),
    trainImages: pathOf('trainImages'),
  };
  return { done: true, files: { directory, paths } };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
