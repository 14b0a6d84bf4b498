/**
 * One service as a child process: its own process group, its output in a log file, its life tied to ours.
 *
 * A group of its own keeps the terminal's Ctrl-C away from it, so that the CLI alone decides in which order things stop;
 * `tether.ts` ends it when the CLI is gone.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { WeftError } from '@weft/core';
import type { Environment } from '@weft/options';
import { lastLines } from './log-tail.ts';

/** What to start. */
export interface ChildSettings {
  /** For people: `trainer-2`. */
  readonly name: string;
  /** Absolute path of a TypeScript or JavaScript entry point. */
  readonly entry: string;
  readonly argv: readonly string[];
  readonly environment: Environment;
  /** Gets all output; made anew, or appended to. */
  readonly logPath: string;
}

/** How a process ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Resolves when the process has ended, and never rejects. */
  readonly exited: Promise<ChildExit>;
  /** The first line that it wrote to its standard output. Rejects with a `WeftError` when it ends or waits too long before. */
  firstLine(timeoutMs: number, signal: AbortSignal): Promise<string>;
  /** Asks it to end, and makes it after `graceMs` milliseconds. Resolves when it has ended. */
  terminate(graceMs: number): Promise<ChildExit>;
  /** Ends it and its children at once. */
  kill(): void;
}

const tether = new URL('./tether.ts', import.meta.url).href;

/** Starts a process. Throws a `WeftError` ('unavailable') where its log cannot be written or the process not be made. */
export async function startChild(settings: ChildSettings): Promise<Child> {
  const { name, entry, argv, environment, logPath } = settings;
  await mkdir(dirname(logPath), { recursive: true });
  const log = createWriteStream(logPath, { flags: 'a' });
  const process_ = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', tether, entry, ...argv],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...environment } },
  );
  process_.stdout?.pipe(log, { end: false });
  process_.stderr?.pipe(log, { end: false });
  const exited = new Promise<ChildExit>((resolve) => {
    process_.once('close', (code, signal) => log.end(() => resolve({ code, signal })));
  });
  const lines = process_.stdout === null ? undefined : createInterface({ input: process_.stdout });
  const first = new Promise<string>((resolve) => lines?.once('line', resolve));
  await new Promise<void>((resolve, reject) => {
    process_.once('spawn', resolve);
    process_.once('error', (cause) => {
      reject(new WeftError('unavailable', `cannot start ${name} (${entry})`, { cause }));
    });
  });
  // A message of ours that a dying child does not take is of no interest.
  process_.on('error', () => undefined);
  const pid = process_.pid ?? 0;
  const kill = (): void => signalGroup(pid, 'SIGKILL');

  return {
    ...{ name, pid, logPath, exited, kill },
    firstLine: async (timeoutMs, signal) => {
      const timeout = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]);
      const line = await Promise.race([first, exited, aborted(timeout)]);
      if (typeof line === 'string') return line;
      if (signal.aborted) throw new WeftError('cancelled', `starting ${name} was cancelled`);
      if (line === undefined) {
        throw new WeftError('timeout', `${name} said nothing within ${String(timeoutMs)} ms; its log: ${logPath}`);
      }
      throw await exitError({ name, logPath }, line);
    },
    terminate: async (graceMs) => {
      if (process_.exitCode === null && process_.signalCode === null) process_.kill('SIGTERM');
      const timer = setTimeout(kill, graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/** How a process ended, for messages: `ended with exit code 5`. */
export function exitText({ code, signal }: ChildExit): string {
  return signal === null ? `ended with exit code ${String(code)}` : `was killed by ${signal}`;
}

/** The error for a process that ended although it was needed, with the end of its log. */
export async function exitError(child: Pick<Child, 'name' | 'logPath'>, exit: ChildExit): Promise<WeftError> {
  const tail = (await lastLines(child.logPath, 8)).map((line) => `\n  | ${line}`).join('');
  const last = tail === '' ? ' It wrote nothing.' : ` It last wrote:${tail}`;
  return new WeftError('unavailable', `${child.name} ${exitText(exit)}; its log is ${child.logPath}.${last}`);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
