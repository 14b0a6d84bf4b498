/**
 * Lets one process at a time download into a directory, so that two never append to one part file.
 *
 * The lock is a file that names its holder. A holder that died on this machine is recognised and its lock taken over. Two that
 * take over at the same instant can both get it; what they then spoil together, the checksum finds.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { WeftError } from '@weft/core';

const pollMs = 100;
/** Tells this process from an earlier one with the same number, as the first process of a restarted container has. */
const incarnation = randomUUID();

/**
 * Runs `action` while holding the lock file `path`. Waits for another holder at most `waitMs`, then throws 'timeout' naming
 * file and holder; throws 'cancelled' when `signal` is aborted while waiting.
 */
export async function withLock<T>(
  path: string,
  waitMs: number,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const own = `${hostname()} ${String(process.pid)} ${incarnation}`;
  for (let waitedMs = 0; !(await tryLock(path, own)); waitedMs += pollMs) {
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (isDead(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (waitedMs >= waitMs) {
      throw new WeftError(
        'timeout',
        `${path} is held by another download (host, process and its id: ${holder}) for more than ${String(waitMs)} ms; ` +
          'wait for it, or delete the file if that process is gone',
      );
    }
    if (signal?.aborted === true) throw new WeftError('cancelled', `waiting for ${path} was cancelled`);
    await pause(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** Creates the lock file; false where it exists. Other errors of the file system are thrown. */
async function tryLock(path: string, own: string): Promise<boolean> {
  try {
    await writeFile(path, own, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the holder was a process of this machine that no longer exists. */
function isDead(holder: string): boolean {
  const [host, processId, holderIncarnation] = holder.split(' ');
  if (host !== hostname() || processId === undefined) return false;
  if (Number(processId) === process.pid) return holderIncarnation !== incarnation;
  try {
    process.kill(Number(processId), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
