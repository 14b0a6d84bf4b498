/**
 * Has the checkpoints of one run written one after the other, whoever asks for them.
 *
 * A run that has gone back, or was cancelled and resumed, may come to a position again while its checkpoint there is still on the
 * way to a slow disk. Two writes at once would share the temporary file, and each removes files that it does not know of.
 */
import type { RunId } from '@weft/core';
import type { RunContext } from './run-context.ts';

type Checkpoints = RunContext['checkpoints'];

/** `checkpoints`, whose writes wait for those of the same run that were asked for before, whether these succeed or not. */
export function writesInTurn(checkpoints: Checkpoints): Checkpoints {
  const last = new Map<RunId, Promise<unknown>>();
  return {
    read: (run, position) => checkpoints.read(run, position),
    write: (run, position, bytes) => {
      const write = (): Promise<string> => checkpoints.write(run, position, bytes);
      const before = last.get(run);
      const file = before === undefined ? write() : before.then(write, write);
      last.set(run, file);
      const over = (): void => {
        if (last.get(run) === file) last.delete(run);
      };
      file.then(over, over);
      return file;
    },
  };
}
