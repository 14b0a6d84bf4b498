import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Relative paths of the files that only one of two folders has or whose bytes differ, sorted; a missing folder is empty. */
export function differingFiles(left: string, right: string): string[] {
  const leftFiles = new Set(filesBelow(left));
  const rightFiles = new Set(filesBelow(right));
  return [...new Set([...leftFiles, ...rightFiles])]
    .filter((path) => !leftFiles.has(path) || !rightFiles.has(path) || !sameBytes(join(left, path), join(right, path)))
    .sort();
}

function filesBelow(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}

function sameBytes(left: string, right: string): boolean {
  return readFileSync(left).equals(readFileSync(right));
}
