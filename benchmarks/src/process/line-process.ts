/** Runs a program that prints lines, for as long as its lines are wanted and no longer than it may take. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WeftError } from '@weft/core';

export interface LineProgram {
  /** For messages: `PyTorch`. */
  readonly title: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly timeoutMs: number;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Sees each line of standard output, in order; `enough` asks the program to end (SIGINT), which then counts as success. */
  take(line: string): 'more' | 'enough';
}

const graceMs = 15_000;
const errorTailLength = 2_000;

/**
 * Resolves when the program has ended well. Throws a `WeftError` with the end of its standard error where it could not be
 * started or failed, 'timeout' where it took too long, 'cancelled' where `signal` aborted. It has ended in every case.
 */
export async function runLines(program: LineProgram): Promise<void> {
  const { title, signal } = program;
  if (signal.aborted) throw new WeftError('cancelled', `${title}: stopped`);
  const child = spawn(program.command, program.argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ code: number | null; failure: Error | undefined }>((resolve) => {
    child.once('error', (failure) => resolve({ code: null, failure }));
    child.once('close', (code) => resolve({ code, failure: undefined }));
  });
  let state: 'running' | 'enough' | 'timeout' | 'cancelled' = 'running';
  let killTimer: NodeJS.Timeout | undefined;
  const end = (as: Exclude<typeof state, 'running'>): void => {
    if (state !== 'running') return;
    state = as;
    child.kill('SIGINT');
    killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  const cancel = (): void => {
    end('cancelled');
  };
  const timeout = setTimeout(() => {
    end('timeout');
  }, program.timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });

  let errorTail = '';
  child.stderr.on('data', (data: Buffer) => (errorTail = (errorTail + data.toString()).slice(-errorTailLength)));
  let failure: unknown;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (state !== 'running' || failure !== undefined) return;
    try {
      if (program.take(line) === 'enough') end('enough');
    } catch (thrown) {
      failure = thrown;
      end('cancelled');
    }
  });

  const outcome = await ended;
  clearTimeout(timeout);
  clearTimeout(killTimer);
  signal.removeEventListener('abort', cancel);
  if (failure !== undefined)
    throw new WeftError('internal', `${title}: its output is not understood`, { cause: failure });
  // What the closures above assigned is not seen by the compiler.
  const reached = state as 'running' | 'enough' | 'timeout' | 'cancelled';
  if (reached === 'enough') return;
  if (reached === 'cancelled') throw new WeftError('cancelled', `${title}: stopped`);
  const seconds = String(Math.round(program.timeoutMs / 1000));
  if (reached === 'timeout')
    throw new WeftError('timeout', `${title} took more than ${seconds} s: ${errorTail.trim()}`);
  if (outcome.failure !== undefined) {
    throw new WeftError('unavailable', `${title} could not be started`, { cause: outcome.failure });
  }
  if (outcome.code !== 0) {
    throw new WeftError('internal', `${title} ended with status ${String(outcome.code)}: ${errorTail.trim()}`);
  }
}

/** The last line of JSON that a program prints, when it has ended well. */
export async function runForJson(program: Omit<LineProgram, 'take'>): Promise<unknown> {
  let last = '';
  await runLines({
    ...program,
    take: (line) => {
      if (line.startsWith('{')) last = line;
      return 'more';
    },
  });
  if (last === '') throw new WeftError('internal', `${program.title} printed no line of JSON`);
  return JSON.parse(last) as unknown;
}
