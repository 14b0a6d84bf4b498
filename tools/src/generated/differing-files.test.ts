import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { differingFiles } from './differing-files.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'weft-differing-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

it('finds nothing in equal trees', () => {
  expect(differingFiles(folderOf({ 'a/b.ts': '1' }), folderOf({ 'a/b.ts': '1' }))).toEqual([]);
});

it('names files that changed, are missing or are left over', () => {
  const left = folderOf({ same: '1', changed: '1', 'v1/new': '1' });
  const right = folderOf({ same: '1', changed: '2', 'v1/old': '1' });
  expect(differingFiles(left, right)).toEqual(['changed', 'v1/new', 'v1/old']);
});

it('takes a missing folder as empty', () => {
  expect(differingFiles(folderOf({ a: '1' }), '/nowhere/at/all')).toEqual(['a']);
});
