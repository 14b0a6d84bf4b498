/** PyTorch beside Weft: the scripts of benchmarks/pytorch, run by a Python that has it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeError } from '@weft/core';
import { runForJson } from '../process/line-process.ts';

/** A Python that can import torch. */
export interface PyTorch {
  readonly python: string;
  readonly version: string;
}

/** What one of the scripts prints, as far as it is read here. */
export interface PyTorchTiming {
  readonly examplesPerSecond: number;
  readonly medianStepMs: number;
  readonly steps: number;
  readonly processes: number;
  readonly threadsPerProcess: number;
  readonly parameters: number;
}

/** What to time. `single` is one process; `ddp` two, with DistributedDataParallel over gloo. */
export interface PyTorchTask {
  readonly script: 'single' | 'ddp';
  readonly model: string;
  readonly optimizer: string;
  readonly batchSize: number;
  readonly seconds: number;
  readonly dataDirectory: string | undefined;
}

const scripts = join(import.meta.dirname, '../../pytorch');
const startSeconds = 120;

/** The first of `candidates` that can import torch, or the reasons why none can. */
export async function findPyTorch(
  candidates: readonly string[] = ['python3', '/usr/bin/python3'],
): Promise<PyTorch | { readonly missing: string }> {
  const reasons: string[] = [];
  for (const python of candidates) {
    try {
      const argv = ['-c', 'import torch; print(torch.__version__)'];
      const { stdout } = await promisify(execFile)(python, argv, { timeout: startSeconds * 1000 });
      return { python, version: stdout.trim() };
    } catch (thrown) {
      const lastLine = describeError(thrown).trim().split('\n').at(-1) ?? '';
      reasons.push(`${python}: ${lastLine}`);
    }
  }
  return { missing: `no Python here has PyTorch (${reasons.join('; ')}); on Debian: apt-get install python3-torch` };
}

/** Runs one timing. Throws what `runForJson` throws. */
export async function timePyTorch(pytorch: PyTorch, task: PyTorchTask, signal: AbortSignal): Promise<PyTorchTiming> {
  const { script, model, optimizer, batchSize, seconds, dataDirectory } = task;
  const timing = await runForJson({
    title: `PyTorch (${script}, ${model})`,
    command: pytorch.python,
    argv: [
      join(scripts, `${script}.py`),
      ...['--model', model, '--optimizer', optimizer],
      ...['--batch-size', String(batchSize), '--seconds', String(seconds)],
      ...(dataDirectory === undefined ? [] : ['--data-dir', dataDirectory]),
    ],
    timeoutMs: (startSeconds + 10 * seconds) * 1000,
    signal,
  });
  return timing as PyTorchTiming;
}
