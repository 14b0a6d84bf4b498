/**
 * The engines on ONNX Runtime's GPU execution providers: the compiled graphs of `ort-cpu` in ONNX's own layout. Each is
 * tried in another process before it is opened in this one.
 */
import { describeError } from '@weft/core';
import type { EngineName, EngineProvider } from '../engine.ts';
import { OrtEngine } from '../ort/ort-engine.ts';
import type { ExecutionProvider } from '../ort/session-options.ts';
import { providerOf, type EngineStart } from './engine-start.ts';
import { probeExecutionProvider } from './execution-provider-probe.ts';
import { explainRefusal } from './trial-report.ts';

/** NVIDIA's GPUs, by CUDA and cuDNN. */
export const ortCudaProvider: EngineProvider = deviceProvider('ort-cuda', 'cuda');

/** GPUs by way of WebGPU (Vulkan, Metal or Direct3D). */
export const ortWebGpuProvider: EngineProvider = deviceProvider('ort-webgpu', 'webgpu');

function deviceProvider(name: EngineName, provider: ExecutionProvider): EngineProvider {
  return providerOf(name, async (): Promise<EngineStart> => {
    const unavailable = await probeExecutionProvider(provider);
    if (unavailable !== undefined) return { unavailable };
    try {
      return { engine: await OrtEngine.open(provider) };
    } catch (thrown) {
      return { unavailable: explainRefusal(provider, describeError(thrown)) };
    }
  });
}
