import { runId } from '@weft/core';
import { openSqliteRunStore, readCheckpoint, writeCheckpoint } from '@weft/store';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writesInTurn } from './writes-in-turn.ts';

const run = runId('r');

test('writes of one run that overlap leave whole files, each with its record', async () => {
  const state = mkdtempSync(join(tmpdir(), 'weft-writes-'));
  const store = openSqliteRunStore(':memory:');
  const checkpoints = writesInTurn({
    read: (of, position) => readCheckpoint(store, state, of, position),
    write: (of, position, bytes) => writeCheckpoint(store, state, 2, { run: of, position, bytes }),
  });
  const bytes = (value: number): Uint8Array => new Uint8Array(1_000_000).fill(value);
  try {
    await Promise.all([5, 5, 10, 5, 10].map((position) => checkpoints.write(run, position, bytes(position))));
    expect(store.checkpoints(run).map(({ position }) => position)).toEqual([5, 10]);
    expect(readdirSync(join(state, 'runs', run, 'checkpoints'))).toHaveLength(2);
    for (const position of [5, 10]) {
      expect(new Uint8Array(await checkpoints.read(run, position))).toEqual(bytes(position));
    }
  } finally {
    store.close();
    rmSync(state, { recursive: true });
  }
});

test('a write waits for those of its run only, and is done though the one before failed', async () => {
  const begun: string[] = [];
  const asked: PromiseWithResolvers<string>[] = [];
  const checkpoints = writesInTurn({
    read: () => Promise.resolve(new Uint8Array()),
    write: (of, position) => {
      begun.push(`${of} ${String(position)}`);
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise;
    },
  });
  const nothing = new Uint8Array();
  const first = checkpoints.write(run, 5, nothing);
  const second = checkpoints.write(run, 5, nothing);
  void checkpoints.write(runId('other'), 5, nothing);
  expect(begun).toEqual(['r 5', 'other 5']);
  asked[0]?.reject(new Error('the disk is full'));
  await expect(first).rejects.toThrow('the disk is full');
  await expect.poll(() => begun).toEqual(['r 5', 'other 5', 'r 5']);
  asked[2]?.resolve('file');
  expect(await second).toBe('file');
});
