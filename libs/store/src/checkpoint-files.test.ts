import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointFile, keepCheckpointFiles, readCheckpointFile, writeCheckpointFile } from './checkpoint-files.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weft-checkpoints-'));
  directory = join(root, 'runs', 'r', 'checkpoints');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const bytes = (value: number): Uint8Array => new Uint8Array(1000).fill(value);

test('a checkpoint is read back as it was written', async () => {
  const file = await writeCheckpointFile(directory, 22, bytes(22));
  expect(file).toBe(checkpointFile(directory, 22));
  expect(readdirSync(directory)).toEqual(['step-000000022.safetensors']);
  expect(new Uint8Array(await readCheckpointFile(directory, 22))).toEqual(bytes(22));
});

test('a checkpoint written again replaces the old one', async () => {
  await writeCheckpointFile(directory, 22, bytes(1));
  await writeCheckpointFile(directory, 22, bytes(2));
  expect(new Uint8Array(await readCheckpointFile(directory, 22))).toEqual(bytes(2));
});

test('what is not to be kept goes, and what a crash left half written; it was never read', async () => {
  for (const position of [22, 66, 88]) await writeCheckpointFile(directory, position, bytes(position));
  writeFileSync(`${checkpointFile(directory, 44)}.partial`, 'half');
  writeFileSync(join(directory, 'notes.txt'), 'of somebody else');
  await expect(readCheckpointFile(directory, 44)).rejects.toMatchObject({ code: 'not-found' });
  await keepCheckpointFiles(directory, [22, 88]);
  expect(readdirSync(directory)).toEqual(['notes.txt', 'step-000000022.safetensors', 'step-000000088.safetensors']);
});

test('a checkpoint that is not there is named', async () => {
  await expect(readCheckpointFile(directory, 7)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(join('checkpoints', 'step-000000007.safetensors')) as string,
  });
});

test('a directory that cannot be written is named, with the remedy', async () => {
  writeFileSync(join(root, 'runs'), 'a file where the directory should be');
  await expect(writeCheckpointFile(directory, 7, bytes(7))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /cannot write the checkpoint \S+step-000000007\.safetensors: .*make .* writable/,
    ) as string,
  });
});
