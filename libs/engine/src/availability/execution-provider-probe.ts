import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeError } from '@weft/core';
import type { ExecutionProvider } from '../ort/session-options.ts';
import type { Unavailable } from './engine-start.ts';
import { explainRefusal, judgeTrial, type TrialReport } from './trial-report.ts';

const trialTimeoutMs = 60_000;

/**
 * Why `provider` does not work here and what to do about it, found by multiplying and convolving on it in a process of its
 * own; undefined where it works. Takes some tenths of a second, at most a minute.
 */
export async function probeExecutionProvider(provider: ExecutionProvider): Promise<Unavailable | undefined> {
  const trial = fileURLToPath(new URL('execution-provider-trial.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [trial, provider], { timeout: trialTimeoutMs });
    return judgeTrial(provider, JSON.parse(stdout) as TrialReport);
  } catch (thrown) {
    return explainRefusal(provider, `the trial ended early: ${describeError(thrown)}`);
  }
}
