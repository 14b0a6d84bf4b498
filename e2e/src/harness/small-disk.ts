/** A disk of a few hundred KiB, for tests of what happens when it is full. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Mounts a file system of `kibibytes` in memory; undefined where this user may not. */
function mount(kibibytes: number): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'weft-disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(kibibytes)}k`, 'weft-test', directory]);
  if (status === 0) return directory;
  rmdirSync(directory);
  return undefined;
}

function unmount(directory: string): void {
  spawnSync('umount', ['--lazy', directory]);
  rmdirSync(directory);
}

/** Whether this user may mount a file system. */
export function canMount(): boolean {
  const directory = mount(64);
  if (directory === undefined) return false;
  unmount(directory);
  return true;
}

/** A directory on a fresh disk of `kibibytes`, gone when the test has ended. */
export function mountSmallDisk(kibibytes: number): string {
  const directory = mount(kibibytes);
  if (directory === undefined) throw new Error('a file system could be mounted before, and cannot be now');
  onTestFinished(() => {
    unmount(directory);
  });
  const state = join(directory, 'state');
  mkdirSync(state);
  return state;
}
