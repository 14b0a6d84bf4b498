import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointFile, readCheckpoint, writeCheckpoint } from './checkpoint-files.ts';

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

test('a checkpoint is read back as it was written, and only the newest are kept', async () => {
  for (const position of [9, 22, 1000]) await writeCheckpoint(directory, position, bytes(position), 2);
  expect(readdirSync(directory)).toEqual(['step-000000022.safetensors', 'step-000001000.safetensors']);
  expect(new Uint8Array(await readCheckpoint(directory, 22))).toEqual(bytes(22));
});

test('a checkpoint written again replaces the old one', async () => {
  await writeCheckpoint(directory, 22, bytes(1), 2);
  const file = await writeCheckpoint(directory, 22, bytes(2), 2);
  expect(file).toBe(checkpointFile(directory, 22));
  expect(new Uint8Array(await readCheckpoint(directory, 22))).toEqual(bytes(2));
});

test('what a crash left half written is never read, and goes with the next checkpoint', async () => {
  await writeCheckpoint(directory, 22, bytes(22), 2);
  writeFileSync(`${checkpointFile(directory, 44)}.partial`, 'half');
  await expect(readCheckpoint(directory, 44)).rejects.toMatchObject({ code: 'not-found' });
  await writeCheckpoint(directory, 66, bytes(66), 2);
  expect(readdirSync(directory)).toEqual(['step-000000022.safetensors', 'step-000000066.safetensors']);
});

test('a checkpoint that is not there is named', async () => {
  await expect(readCheckpoint(directory, 7)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(join('checkpoints', 'step-000000007.safetensors')) as string,
  });
});

test('a directory that cannot be written is named, with the remedy', async () => {
  writeFileSync(join(root, 'runs'), 'a file where the directory should be');
  await expect(writeCheckpoint(directory, 7, bytes(7), 2)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /cannot write the checkpoint \S+step-000000007\.safetensors: .*make .* writable/,
    ) as string,
  });
});
