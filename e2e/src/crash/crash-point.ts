/** The moments at which a coordinator is killed: before each operation on its files, and so after each, too. */
import type { FileOperation } from './file-operation.ts';

/** Before the `ordinal`-th (from 1) `call` on `path` of one thread. */
export interface CrashPoint {
  readonly call: string;
  readonly path: string;
  readonly ordinal: number;
  /** The last write before it, which is not synced yet and is torn; null where nothing is. */
  readonly torn: FileOperation | null;
}

/** All points of a course of operations, in its order; where a write is not synced yet, one more with that write torn. */
export function crashPoints(operations: readonly FileOperation[]): CrashPoint[] {
  const counts = new Map<string, number>();
  const unsynced = new Set<string>();
  const points: CrashPoint[] = [];
  let last: FileOperation | undefined;
  for (const { thread, call, path, ...rest } of operations) {
    const key = `${thread} ${call} ${path}`;
    const ordinal = (counts.get(key) ?? 0) + 1;
    counts.set(key, ordinal);
    points.push({ call, path, ordinal, torn: null });
    if (last !== undefined && unsynced.has(last.path)) points.push({ call, path, ordinal, torn: last });
    if (call.includes('write')) {
      last = { thread, call, path, ...rest };
      unsynced.add(path);
    } else if (call.endsWith('sync')) unsynced.delete(path);
  }
  return points;
}

/** `count` of them, spread evenly. */
export function sampled<T>(points: readonly T[], count: number): T[] {
  const step = points.length / count;
  return Array.from(
    { length: Math.min(count, points.length) },
    (_, index) => points[Math.floor((index + 0.5) * step)],
  ).filter((point) => point !== undefined);
}

/** `before pwrite64 3 of weft.sqlite-wal, the last write torn`. */
export function describePoint({ call, path, ordinal, torn }: CrashPoint): string {
  return `before ${call} ${String(ordinal)} of ${path || 'the state directory'}${torn === null ? '' : `, the last write (${torn.path}) torn`}`;
}
