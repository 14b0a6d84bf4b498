import process from 'node:process';
import { describeError, WeftError } from '@weft/core';

/**
 * Runs a benchmark to its end: Ctrl-C and SIGTERM abort `signal`, and a failure is told in one line and in the exit status. What is
 * not a `WeftError` is a bug and thrown on.
 */
export async function benchmarkMain(measure: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(name));
  try {
    await measure(stop.signal);
  } catch (thrown) {
    const mistyped =
      thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
    if (!mistyped && !(thrown instanceof WeftError)) throw thrown;
    console.error(describeError(thrown));
    process.exitCode = mistyped ? 2 : 1;
  }
}
