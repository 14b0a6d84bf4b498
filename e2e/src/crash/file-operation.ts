/** What a coordinator did to the files of its state directory, read from strace's log. */

/** One system call that changes a file or puts it on disk. */
export interface FileOperation {
  readonly thread: string;
  readonly call: string;
  /** Below the state directory; empty for the directory itself. */
  readonly path: string;
  /** Of data that was written: where, and how much. */
  readonly offset?: number;
  readonly bytes?: number;
}

/** The calls that are looked at. */
export const fileCalls = [
  ...['write', 'pwrite64', 'writev', 'pwritev', 'ftruncate'],
  ...['fsync', 'fdatasync', 'rename', 'unlink', 'rmdir', 'mkdir'],
] as const;

/** Begins a call whose end comes in a later line, when another thread has come between. */
const unfinished = ' <unfinished ...>';
const resumed = /^\s*(\d+) +<\.\.\. (\w+) resumed>(.*)$/;

/** The operations of a log (`strace -f -y -s 0`) on files below `directory`, in order; those that failed or never ended are left out. */
export function readFileOperations(log: string, directory: string): FileOperation[] {
  const begun = new Map<string, string>();
  const operations: FileOperation[] = [];
  for (const line of log.split('\n')) {
    const thread = /^\s*(\d+) /.exec(line)?.[1] ?? '';
    if (line.endsWith(unfinished)) {
      begun.set(thread, line.slice(0, -unfinished.length));
      continue;
    }
    const end = resumed.exec(line);
    const whole = end === null ? line : `${begun.get(thread) ?? ''}${end[3] ?? ''}`;
    const operation = operationOf(whole, directory);
    if (operation !== undefined) operations.push(operation);
  }
  return operations;
}

function operationOf(line: string, directory: string): FileOperation | undefined {
  const call = /^\s*(\d+) +(\w+)\((.*)\) += (\d+)/.exec(line);
  if (call === null) return undefined;
  const [, thread = '', name = '', args = '', result = ''] = call;
  const path = /^\d+<([^>]*)>/.exec(args)?.[1] ?? /^"([^"]*)"/.exec(args)?.[1];
  if (path === undefined || (path !== directory && !path.startsWith(`${directory}/`))) return undefined;
  const relative = path.slice(directory.length + 1);
  // Its name has the process number in it, and nobody reads it.
  if (relative.startsWith('.probe-')) return undefined;
  const operation = { thread, call: name, path: relative };
  if (!name.includes('write')) return operation;
  const offset = name.startsWith('p') ? Number(/, (\d+)$/.exec(args)?.[1]) : undefined;
  return { ...operation, bytes: Number(result), ...(offset === undefined ? {} : { offset }) };
}
