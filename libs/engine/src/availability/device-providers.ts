/**
 * The engines on ONNX Runtime's GPU execution providers, which are named by the port but have no adapter in this version:
 * the probe tells whether the device itself would work.
 */
import type { EngineName, EngineProvider } from '../engine.ts';
import { providerOf, type Unavailable } from './engine-start.ts';
import { probeExecutionProvider, type ExecutionProvider } from './execution-provider-probe.ts';

/** What ONNX Runtime says of CUDA here. */
export const ortCudaProvider: EngineProvider = deviceProvider('ort-cuda', 'cuda');

/** What ONNX Runtime says of WebGPU here. */
export const ortWebGpuProvider: EngineProvider = deviceProvider('ort-webgpu', 'webgpu');

const withoutAdapter: Unavailable = {
  reason: 'ONNX Runtime can use the device, but this version of Weft does not yet train on it',
  remedy: 'use --engine ort-cpu, or tfjs-node-gpu where that package is installed',
};

function deviceProvider(name: EngineName, provider: ExecutionProvider): EngineProvider {
  return providerOf(name, async () => ({ unavailable: (await probeExecutionProvider(provider)) ?? withoutAdapter }));
}
