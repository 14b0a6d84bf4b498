/** The one place that loads ONNX Runtime, at first use: its library is large and a process may never need it. */
import type * as onnxruntime from 'onnxruntime-node';

export type Runtime = typeof onnxruntime;

/** Loads ONNX Runtime. Throws what the loader throws where there is no library for this platform. */
export async function loadRuntime(): Promise<Runtime> {
  const module: unknown = await import('onnxruntime-node');
  // A CommonJS package: its members are on the default export, and only sometimes on the module itself.
  const { default: members } = module as { readonly default?: Runtime };
  return members ?? (module as Runtime);
}
