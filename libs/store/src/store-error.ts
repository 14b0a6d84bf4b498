/** What SQLite throws, as errors that say what failed, why, and what to do. */
import { describeError, WeftError } from '@weft/core';

/** Does something with a store; what SQLite throws becomes an error that says what was to be done. */
export type Actions = <T>(what: string, action: () => T) => T;

/** Actions on the store in `file`. */
export function actionsOn(file: string): Actions {
  return (what, action) => {
    try {
      return action();
    } catch (cause) {
      if (cause instanceof WeftError) throw cause;
      throw storeError(`cannot ${what} in ${file}`, cause);
    }
  };
}

/** The error for `cause`, which SQLite threw while `what` was tried. */
export function storeError(what: string, cause: unknown): WeftError {
  const text = describeError(cause);
  if (/disk is full|no space/i.test(text)) {
    return new WeftError('resource-exhausted', `${what}: ${text}; free some space and resume`, { cause });
  }
  if (/not a database|malformed/i.test(text)) {
    const remedy =
      'the file is damaged: put back a copy, or move it away with its -wal file and submit the runs again, which gives the same bytes';
    return new WeftError('corrupt', `${what}: ${text}; ${remedy}`, { cause });
  }
  if (text.includes('locked')) {
    return new WeftError(
      'already-exists',
      `${what}: another coordinator uses it; stop it or choose another --state-dir`,
      {
        cause,
      },
    );
  }
  if (text.includes('UNIQUE'))
    return new WeftError(
      'already-exists',
      `${what}: a run with this id exists; choose another id, or resume that run`,
      { cause },
    );
  return new WeftError('unavailable', `${what}: ${text}; the state directory must be writable`, { cause });
}
