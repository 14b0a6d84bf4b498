/**
 * What SQLite throws, as errors that say what failed, why, and what to do.
 *
 * Only what the disk, the file or another process is at fault for becomes a `WeftError`. Everything else is a bug, of a statement or of
 * what it was given, and is thrown on as it is.
 */
import { WeftError, type ErrorCode } from '@weft/core';

/** Does something with a store; what its disk or its file is at fault for becomes an error that says what was to be done. */
export type Actions = <T>(what: string, action: () => T) => T;

/** Actions on the store in `file`. */
export function actionsOn(file: string): Actions {
  return (what, action) => attempt(`cannot ${what} in ${file}`, action);
}

/** Does `action`; `failure` begins the message of the error where the environment keeps it from being done. */
export function attempt<T>(failure: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const fault = cause instanceof Error ? faultOf(cause) : undefined;
    if (fault === undefined) throw cause;
    throw new WeftError(fault.code, `${failure}: ${fault.text}`, { cause });
  }
}

interface Fault {
  readonly code: ErrorCode;
  readonly text: string;
}

const damaged =
  'the file is damaged: put back a copy, or move it away with its -wal file and submit the runs again, which gives the same bytes';

/** What the environment is at fault for; `undefined` for a bug. */
function faultOf(thrown: Error): Fault | undefined {
  const { message } = thrown;
  const code = 'code' in thrown ? thrown.code : undefined;
  // Whoever works on while the process stops comes too late.
  if (code === 'ERR_INVALID_STATE') return { code: 'unavailable', text: `${message}: the store is closed` };
  if (code !== 'ERR_SQLITE_ERROR' || !('errcode' in thrown)) return undefined;
  if (message === 'UNIQUE constraint failed: runs.run_id') {
    return { code: 'already-exists', text: 'a run with this id exists; choose another id, or resume that run' };
  }
  // Statements are fixed, and tables are made when a store is opened: what is missing was lost.
  if (/^no such (table|column)/.test(message)) return { code: 'corrupt', text: `${message}; ${damaged}` };
  return faultOfResult(Number(thrown.errcode) & 0xff, message);
}

/** By SQLite's primary result code: https://sqlite.org/rescode.html. */
function faultOfResult(code: number, message: string): Fault | undefined {
  switch (code) {
    case 3: // PERM
    case 8: // READONLY
    case 10: // IOERR
    case 14: // CANTOPEN
    case 15: // PROTOCOL
    case 22: // NOLFS
      return { code: 'unavailable', text: `${message}; the state directory must be writable` };
    case 5: // BUSY
    case 6: // LOCKED
      return { code: 'already-exists', text: 'another coordinator uses it; stop it or choose another --state-dir' };
    case 7: // NOMEM
      return { code: 'resource-exhausted', text: `${message}; free some memory and resume` };
    case 13: // FULL
      return { code: 'resource-exhausted', text: `${message}; free some space and resume` };
    case 11: // CORRUPT
    case 26: // NOTADB
      return { code: 'corrupt', text: `${message}; ${damaged}` };
    default:
      return undefined;
  }
}
