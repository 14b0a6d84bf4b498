import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelOutput } from './model-files.ts';
import { writeOutput } from './write-output.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-export-'));
});

afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (text: string): ModelOutput => ({ kind: 'file', bytes: bytes(text) });
const folder = (...names: string[]): ModelOutput => ({
  kind: 'folder',
  files: names.map((name) => ({ name, bytes: bytes(name) })),
});

test('a file is written, refused where it exists, and replaced when asked to', async () => {
  const path = join(directory, 'm.onnx');
  await writeOutput(path, file('one'), false);
  await expect(writeOutput(path, file('two'), false)).rejects.toMatchObject({ code: 'already-exists' });
  expect(await readFile(path, 'utf8')).toBe('one');
  await writeOutput(path, file('two'), true);
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(directory)).toEqual(['m.onnx']);
});

test('a folder is replaced as a whole: no file of the former export stays', async () => {
  const path = join(directory, 'web');
  await writeOutput(path, folder('model.json', 'group1-shard1of1.bin'), false);
  await expect(writeOutput(path, folder('model.json'), false)).rejects.toMatchObject({ code: 'already-exists' });
  await writeOutput(path, folder('model.json', 'other.bin'), true);
  expect((await readdir(path)).sort()).toEqual(['model.json', 'other.bin']);
  expect(await readdir(directory)).toEqual(['web']);
});

test('what is no export is never replaced', async () => {
  await mkdir(join(directory, 'home'));
  await writeFile(join(directory, 'home', 'letter'), 'dear');
  await expect(writeOutput(join(directory, 'home'), folder('model.json'), true)).rejects.toThrow('no exported model');
  await expect(writeOutput(join(directory, 'home'), file('x'), true)).rejects.toThrow('is a folder, and a file');
  const path = join(directory, 'home', 'letter');
  await expect(writeOutput(path, folder('model.json'), true)).rejects.toThrow('is a file, and a folder');
  expect(await readdir(join(directory, 'home'))).toEqual(['letter']);
});

test('a write that fails half way leaves nothing, and what was there', async () => {
  const path = join(directory, 'web');
  await writeOutput(path, folder('model.json'), false);
  await expect(writeOutput(path, folder('model.json', 'no/such.bin'), true)).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(await readdir(path)).toEqual(['model.json']);
  await expect(writeOutput(join(directory, 'new'), folder('no/such.bin'), false)).rejects.toThrow('cannot write');
  expect(await readdir(directory)).toEqual(['web']);
});

test('a folder that is missing is named', async () => {
  const path = join(directory, 'models', 'm.onnx');
  await expect(writeOutput(path, file('x'), false)).rejects.toMatchObject({
    code: 'not-found',
    message: `cannot write ${path}: there is no folder ${join(directory, 'models')}; make it first`,
  });
});
