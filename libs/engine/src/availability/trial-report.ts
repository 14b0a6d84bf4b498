/** What the trial of an execution provider reports, and what that says about the provider. Pure. */
import type { ExecutionProvider } from '../ort/session-options.ts';
import type { Unavailable } from './engine-start.ts';

/** Results of each session of the trial, or the runtime's refusal. */
export type TrialReport =
  | { readonly refusal: string }
  | { readonly products: readonly (readonly number[])[]; readonly convolutions: readonly (readonly number[])[] };

/** The trial multiplies a square matrix of this many equal values with itself, and convolves as many pixels. */
export const trialRows = 32;

/** Needs twelve bits after the point; TF32 keeps ten, bfloat16 seven. */
export const trialValue: number = 1 + 2 ** -12;

const expected = trialRows * trialValue * trialValue;

const installation: Readonly<Record<ExecutionProvider, string>> = {
  cpu: 'reinstall with npm install',
  cuda: 'install onnxruntime-node with its install script allowed, which downloads the CUDA provider, and CUDA 12 with cuDNN 9; without a GPU use --engine ort-cpu',
  webgpu: "install the GPU's Vulkan driver and libvulkan1; without a GPU use --engine ort-cpu",
};

const fullPrecision: Readonly<Record<ExecutionProvider, string>> = {
  cpu: 'use --engine tfjs-cpu',
  cuda: 'set NVIDIA_TF32_OVERRIDE=0 in the environment of every trainer, or use --engine ort-cpu',
  webgpu: 'use --engine ort-cpu',
};

/** Why `provider`, of which the trial reported this, is not used; undefined where it can be. */
export function judgeTrial(provider: ExecutionProvider, report: TrialReport): Unavailable | undefined {
  if ('refusal' in report) return explainRefusal(provider, report.refusal);
  const unusable = (reason: string, remedy: string): Unavailable => ({ reason, remedy });
  const kinds = [
    { what: 'products', sessions: report.products },
    { what: 'convolutions', sessions: report.convolutions },
  ];
  for (const { what, sessions } of kinds) {
    const error = Math.max(...sessions.flat().map((value) => Math.abs(value / expected - 1)));
    if (!(error < 1e-2)) {
      return unusable(`${provider} computes wrong ${what} here: ${String(sessions[0]?.[0])}`, 'use --engine ort-cpu');
    }
    // A float32 sum of 32 products is off by 2e-6 at most; a product of values cut to ten bits by 4e-4.
    if (error > 1e-5) {
      return unusable(`${provider} rounds ${what} to fewer bits than float32 has`, fullPrecision[provider]);
    }
    if (sessions.some((values) => String(values) !== String(sessions[0]))) {
      return unusable(`${provider} gives other ${what} in each session`, 'use --engine ort-cpu');
    }
  }
  return undefined;
}

/** Why ONNX Runtime does not use `provider`: its messages start with source positions and name the fault last. */
export function explainRefusal(provider: ExecutionProvider, refusal: string): Unavailable {
  const [line = ''] = refusal.trim().split('\n');
  const fault = line.replace(/^.* was false\. /, '').replace(/^OrtSessionOptions\w+: /, '');
  return { reason: `ONNX Runtime cannot use ${provider}: ${fault}`, remedy: installation[provider] };
}
