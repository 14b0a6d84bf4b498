/**
 * ONNX Runtime's options for a session on each of its execution providers: one thread, nodes in the graph's order, and
 * nothing that is chosen by timing or rounds to fewer bits than float32 has.
 *
 * The runtime's own graph optimizations are off: the compiler has decided on fusion and layout, and a decision of the
 * runtime's could depend on its version or on the processor.
 */
import type { InferenceSession } from 'onnxruntime-node';

/** ONNX Runtime's execution providers that engines use. What a device cannot run falls back to the CPU's kernels. */
export const executionProviders = ['cpu', 'cuda', 'webgpu'] as const;

export type ExecutionProvider = (typeof executionProviders)[number];

/**
 * Entries of the session's configuration for the CUDA provider. The Node binding passes on nothing but the device's number,
 * so they go under both prefixes that the provider reads. By default cuDNN's algorithms are chosen by timing each of them,
 * and products are rounded to TF32; whether that is really off is measured when the engine is opened
 * (`availability/execution-provider-trial.ts`).
 */
const cudaOptions = { use_tf32: '0', cudnn_conv_algo_search: 'DEFAULT', do_copy_in_default_stream: '1' } as const;

const cudaPrefixes = ['ep.cuda', 'ep.cudaexecutionprovider'] as const;

/** The options of a session on `provider`; nodes with the names `processorNodes` stay on the processor where it can do that. */
export function sessionOptions(
  provider: ExecutionProvider,
  processorNodes: readonly string[] = [],
): InferenceSession.SessionOptions {
  return {
    // The runtime refuses an empty list of names.
    executionProviders: [
      provider === 'webgpu' && processorNodes.length > 0
        ? { name: provider, forceCpuNodeNames: processorNodes }
        : provider,
    ],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'disabled',
    enableCpuMemArena: true,
    enableMemPattern: true,
    // Contributions are added on the processor, so nothing stays on the device from run to run.
    ...(provider === 'cpu' ? {} : { preferredOutputLocation: 'cpu' as const }),
    ...(provider === 'cuda' ? { extra: cudaEntries() } : {}),
    logSeverityLevel: 3,
  };
}

function cudaEntries(): Record<string, string> {
  const entries = Object.entries(cudaOptions);
  return Object.fromEntries(
    cudaPrefixes.flatMap((prefix) => entries.map(([name, value]) => [`${prefix}.${name}`, value])),
  );
}
