import { access, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from './download-lock.ts';
import { temporaryDirectory } from './tiny-files.fixture.ts';

async function lockPath(): Promise<string> {
  return join(await temporaryDirectory(), 'lock');
}

test('the lock names its holder while the action runs and is gone afterwards, also after a failure', async () => {
  const path = await lockPath();
  const holder = await withLock(path, 0, undefined, () => readFile(path, 'utf8'));
  expect(holder.startsWith(`${hostname()} ${String(process.pid)} `)).toBe(true);
  await expect(withLock(path, 0, undefined, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(access(path)).rejects.toThrow('ENOENT');
});

test('a lock of a process that is gone is taken over', async () => {
  const path = await lockPath();
  // Above the largest process id that Linux gives out.
  await writeFile(path, `${hostname()} 4194305 x`);
  expect(await withLock(path, 0, undefined, () => Promise.resolve('ran'))).toBe('ran');
});

test('a lock of an earlier process with the number of this one is taken over', async () => {
  const path = await lockPath();
  await writeFile(path, `${hostname()} ${String(process.pid)} earlier`);
  expect(await withLock(path, 0, undefined, () => Promise.resolve('ran'))).toBe('ran');
});

test('a lock that another machine holds is waited for, within the bound, and named', async () => {
  const path = await lockPath();
  await writeFile(path, 'elsewhere 1 x');
  const waiting = withLock(path, 100, undefined, () => Promise.resolve());
  await expect(waiting).rejects.toMatchObject({
    code: 'timeout',
    message: expect.stringContaining(
      `${path} is held by another download (host, process and its id: elsewhere 1 x)`,
    ) as string,
  });
  expect(await readFile(path, 'utf8')).toBe('elsewhere 1 x');
});

test('waiting ends when the signal is aborted', async () => {
  const path = await lockPath();
  await writeFile(path, 'elsewhere 1 x');
  const waiting = withLock(path, 60_000, AbortSignal.timeout(20), () => Promise.resolve());
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});
