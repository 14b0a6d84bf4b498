/** A Fashion-MNIST of a few examples for tests: real files in the real formats, with checksums of their own. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { imagesFile, labelsFile } from '../idx.fixture.ts';
import { fileRoles, type FileContent, type FileRole, type OfficialFile } from './official-files.ts';

const plain: Readonly<Record<FileRole, Uint8Array>> = {
  trainImages: imagesFile(20, 1),
  trainLabels: labelsFile(20, 0),
  testImages: imagesFile(10, 2),
  testLabels: labelsFile(10, 3),
};

/** The plain form of a file. */
export function plainBytes(role: FileRole): Uint8Array {
  return plain[role];
}

/** The compressed form of a file. */
export function compressedBytes(role: FileRole): Uint8Array {
  return gzipSync(plain[role]);
}

function contentOf(bytes: Uint8Array): FileContent {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function describeFile(name: string, role: FileRole): OfficialFile {
  const compressed = { ...contentOf(compressedBytes(role)), md5: '' };
  return { name, compressed, plain: contentOf(plain[role]) };
}

/** What the tiny files must be. */
export const tinyOfficial: Readonly<Record<FileRole, OfficialFile>> = {
  trainImages: describeFile('train-images-idx3-ubyte', 'trainImages'),
  trainLabels: describeFile('train-labels-idx1-ubyte', 'trainLabels'),
  testImages: describeFile('t10k-images-idx3-ubyte', 'testImages'),
  testLabels: describeFile('t10k-labels-idx1-ubyte', 'testLabels'),
};

/** The name of the compressed form of a file. */
export function compressedName(role: FileRole): string {
  return `${tinyOfficial[role].name}.gz`;
}

/** Writes the files into `directory`, compressed or plain, all of them or only `roles`. */
export async function writeTinyFiles(
  directory: string,
  form: 'compressed' | 'plain',
  roles: readonly FileRole[] = fileRoles,
): Promise<void> {
  for (const role of roles) {
    const path = join(directory, form === 'plain' ? tinyOfficial[role].name : compressedName(role));
    await writeFile(path, form === 'plain' ? plainBytes(role) : compressedBytes(role));
  }
}

/** A fresh directory that is deleted when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-data-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
