/** A place for the socket of a local cluster: a folder of its own, gone when the cluster is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of a socket's path that every system takes. */
const maxPathBytes = 103;

/** Where a local coordinator listens. */
export interface ListenPlace {
  /** As for `--listen`. */
  readonly listen: string;
  /** As for `--peer-listen` of the trainer with that number. */
  peerListen(number: number): string;
  /** Takes away what was made. */
  remove(): Promise<void>;
}

/**
 * A socket in a new folder below the temporary directory, which only this user can enter: a step of a small model is faster over
 * it than over a port. Where its path would be too long, any free port of 127.0.0.1.
 */
export async function makeListenPlace(): Promise<ListenPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-'));
  const path = join(directory, 'coordinator.sock');
  const fits = Buffer.byteLength(path) <= maxPathBytes && process.platform !== 'win32';
  return {
    listen: fits ? `unix:${path}` : '127.0.0.1:0',
    peerListen: (number) => (fits ? `unix:${join(directory, `trainer-${String(number)}.sock`)}` : '127.0.0.1:0'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
