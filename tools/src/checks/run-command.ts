import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';

export interface CommandResult {
  /** Exit status, or undefined where a signal ended the command. */
  readonly status: number | undefined;
  /** Standard output and error in the order of arrival; empty where they were shown as they came. */
  readonly output: string;
  readonly seconds: number;
}

export interface CommandOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether output goes straight to the terminal instead of into the result. */
  readonly show: boolean;
  /** Ends the command (SIGTERM, and SIGKILL 5 seconds later). */
  readonly signal: AbortSignal;
}

/**
 * Runs one command in the workspace root with the workspace's binaries and this very Node first on the path.
 *
 * Never rejects on a bad exit status; rejects only where the program cannot be started.
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<CommandResult> {
  const { root, environment, show, signal } = options;
  const started = performance.now();
  const [program, ...rest] = command;
  const child = spawn(program, rest, {
    cwd: root,
    env: {
      ...environment,
      PATH: [dirname(process.execPath), join(root, 'node_modules/.bin'), environment.PATH ?? ''].join(delimiter),
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_TUI: 'false',
      NX_NO_CLOUD: 'true',
    },
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  });
  const pieces: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGTERM');
    killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  };
  signal.addEventListener('abort', end);
  try {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? undefined));
    });
    return { status, output: Buffer.concat(pieces).toString(), seconds: (performance.now() - started) / 1000 };
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', end);
  }
}
