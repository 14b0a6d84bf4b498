/** Runs simulations with a mutation, in a process of their own, until one of them fails. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Mutation } from './mutation.ts';

/** What the first `seeds` seeds said of a mutation. */
export interface MutationVerdict {
  /** The first simulation that failed, and how; `undefined` where none did. */
  readonly caught: string | undefined;
  /** What the process wrote where it came to no verdict. */
  readonly crash: string | undefined;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Tries `mutation` on the seeds from 1 to `seeds`. */
export function tryMutation(mutation: Mutation, seeds: number): Promise<MutationVerdict> {
  const request = JSON.stringify({ from: 1, seeds, trace: false, mutation: mutation.name, untilFailure: true });
  const program = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    pathOf('load-hook.ts'),
    pathOf('../main.ts'),
    request,
  ];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const caught = /^seed \d+: .*/m.exec(output)?.[0];
      const isVerdict = caught !== undefined || code === 0;
      resolve({ caught, crash: isVerdict ? undefined : output });
    });
  });
}
