/** Where the outcome of a benchmark goes, and what every outcome says about its circumstances. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { describeMachine, loadAverages, type Machine } from './machine.ts';
import { currentRevision, type Revision } from './revision.ts';

/** The circumstances of a measurement; the figures come beside them. */
export interface Circumstances {
  readonly benchmark: string;
  /** When it started, ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly revision: Revision | null;
  readonly node: string;
  readonly loadBefore: readonly number[];
}

/** Taken before the first measurement, so that the load is that of others. */
export async function circumstances(benchmark: string): Promise<Circumstances> {
  return {
    benchmark,
    date: new Date().toISOString(),
    machine: await describeMachine(),
    revision: await currentRevision(),
    node: process.version,
    loadBefore: loadAverages(),
  };
}

/** `results/cluster-2026-11-23.json` beside the sources. */
export function defaultResultPath(about: Circumstances): string {
  return join(import.meta.dirname, '../../results', `${about.benchmark}-${about.date.slice(0, 10)}.json`);
}

/** Writes one JSON file, replacing what an earlier run of the day left there, and returns its path as one would type it here. */
export async function writeResult(path: string, about: Circumstances, figures: object): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const result = { ...about, ...figures, loadAfter: loadAverages() };
  await writeFile(path, `${JSON.stringify(result, undefined, 2)}\n`);
  const here = relative(process.cwd(), path);
  return here.startsWith('..') ? resolve(path) : here;
}
