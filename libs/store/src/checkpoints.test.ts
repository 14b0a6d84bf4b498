import { runId } from '@weft/core';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointDirectory, readCheckpoint, writeCheckpoint } from './checkpoints.ts';
import { checkpointFile } from './checkpoint-files.ts';
import type { RunStore } from './run-store.ts';
import { openSqliteRunStore } from './sqlite-run-store.ts';

const run = runId('r');
let state: string;
let store: RunStore;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'weft-checkpoints-'));
  store = openSqliteRunStore(':memory:');
});
afterEach(() => {
  store.close();
  rmSync(state, { recursive: true });
});

const bytes = (value: number): Uint8Array => new Uint8Array(1000).fill(value);
const write = (position: number): Promise<string> =>
  writeCheckpoint(store, state, 2, { run, position, bytes: bytes(position) });
const read = (position: number): Promise<Uint8Array> => readCheckpoint(store, state, run, position);
const files = (): string[] => readdirSync(checkpointDirectory(state, run));
const positions = (): number[] => store.checkpoints(run).map(({ position }) => position);

test('the newest checkpoints are kept, on disk and in the store, and read back', async () => {
  for (const position of [9, 22, 1000]) await write(position);
  expect(files()).toEqual(['step-000000022.safetensors', 'step-000001000.safetensors']);
  expect(positions()).toEqual([22, 1000]);
  expect(new Uint8Array(await read(22))).toEqual(bytes(22));
});

test('files of a course that the run has gone back from do not push out new ones', async () => {
  for (const position of [20, 30]) await write(position);
  store.goBack(run, { checkpoint: 0, epochs: 0, remark: 'damaged' });
  await write(10);
  expect(files()).toEqual(['step-000000010.safetensors']);
  expect(positions()).toEqual([10]);
});

test.each([
  ['cut short', (file: string) => truncateSync(file, 999)],
  ['longer than it was', (file: string) => writeFileSync(file, 'x', { flag: 'a' })],
  [
    'changed by one bit',
    (file: string) =>
      writeFileSync(
        file,
        readFileSync(file).map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
      ),
  ],
])('a file that was %s is not read: it is named, with both digests', async (_, damage) => {
  damage(await write(22));
  await expect(read(22)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringMatching(
      /step-000000022\.safetensors is damaged: its SHA-256 is [0-9a-f]{64}, not/,
    ) as string,
  });
});

test('a file without a record, and a record without a file, are not there', async () => {
  await write(22);
  rmSync(checkpointFile(checkpointDirectory(state, run), 22));
  writeFileSync(checkpointFile(checkpointDirectory(state, run), 44), 'somebody put it here');
  for (const position of [22, 44]) await expect(read(position)).rejects.toMatchObject({ code: 'not-found' });
});
