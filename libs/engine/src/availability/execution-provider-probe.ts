import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeError } from '@weft/core';
import type { Unavailable } from './engine-start.ts';

/** ONNX Runtime's execution providers that need a device. */
export type ExecutionProvider = 'cuda' | 'webgpu';

const trialTimeoutMs = 30_000;

const remedies: Readonly<Record<ExecutionProvider, string>> = {
  cuda: 'install onnxruntime-node with its install script allowed, which downloads the CUDA provider, and CUDA 12 with cuDNN 9; without a GPU use --engine ort-cpu',
  webgpu: "install the GPU's Vulkan driver and libvulkan1; without a GPU use --engine ort-cpu",
};

/**
 * Why `provider` does not work here and what to do about it, found by running a tiny graph on it in a process of its own;
 * undefined where it works. Takes some tenths of a second, at most 30 s.
 */
export async function probeExecutionProvider(provider: ExecutionProvider): Promise<Unavailable | undefined> {
  const reason = await runTrial(provider);
  return reason === undefined ? undefined : { reason, remedy: remedies[provider] };
}

async function runTrial(provider: ExecutionProvider): Promise<string | undefined> {
  const trial = fileURLToPath(new URL('execution-provider-trial.ts', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [trial, provider], { timeout: trialTimeoutMs });
    const { reason } = JSON.parse(stdout) as { readonly reason?: string };
    return reason === undefined ? undefined : `ONNX Runtime cannot use ${provider}: ${lastSentence(reason)}`;
  } catch (thrown) {
    return `the trial of ${provider} ended early: ${describeError(thrown)}`;
  }
}

/** ONNX Runtime's messages start with source positions and name the fault last. */
function lastSentence(reason: string): string {
  const [line = ''] = reason.trim().split('\n');
  return line.replace(/^.* was false\. /, '').replace(/^OrtSessionOptions\w+: /, '');
}
