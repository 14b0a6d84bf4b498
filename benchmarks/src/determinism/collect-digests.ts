/** The digests of one set of cases from several processes, and where they differ. */
import { join } from 'node:path';
import process from 'node:process';
import { runForJson } from '../process/line-process.ts';

/** What one process computed. */
export interface ProcessDigests {
  readonly fingerprint: string;
  /** By the case's title. */
  readonly digests: Readonly<Record<string, string>>;
}

/** What to compute; the options of determinism-digests.ts. */
export interface DigestTask {
  readonly engine: string;
  readonly models: readonly string[];
  readonly sizes: readonly number[];
}

const timeoutMs = 240_000;

/** Runs process number `turn` and gives what it computed. Throws what `runForJson` throws. */
export async function digestsOfProcess(task: DigestTask, turn: number, signal: AbortSignal): Promise<ProcessDigests> {
  const program = join(import.meta.dirname, '../determinism-digests.ts');
  const options = ['--engine', task.engine, '--models', task.models.join(','), '--sizes', task.sizes.join(',')];
  const printed = await runForJson({
    title: `process ${String(turn)}`,
    command: process.execPath,
    argv: ['--disable-warning=ExperimentalWarning', program, ...options, '--turn', String(turn)],
    timeoutMs,
    signal,
  });
  // The program is part of this package, and prints just that.
  return printed as ProcessDigests;
}

/** One case over all processes. */
export interface ComparedCase {
  readonly title: string;
  /** Each digest that came up, with how many processes had it; the most frequent first. */
  readonly digests: readonly { readonly digest: string; readonly processes: number }[];
}

/** Compares case by case. A process that lacks a case, or has another fingerprint, counts as different. */
export function compareDigests(all: readonly ProcessDigests[]): ComparedCase[] {
  const [first] = all;
  const titles = new Set(all.flatMap(({ digests }) => Object.keys(digests)));
  return [...titles].sort().map((title) => {
    const processes = new Map<string, number>();
    for (const { digests, fingerprint } of all) {
      const digest = fingerprint === first?.fingerprint ? (digests[title] ?? 'missing') : `of ${fingerprint}`;
      processes.set(digest, (processes.get(digest) ?? 0) + 1);
    }
    const sorted = [...processes].sort(([, left], [, right]) => right - left);
    return { title, digests: sorted.map(([digest, count]) => ({ digest, processes: count })) };
  });
}
