/** All engines that Weft knows, and how to open one by its name. */
import { WeftError } from '@weft/core';
import type { Engine, EngineName, EngineProvider } from '../engine.ts';
import { ortCpuProvider } from '../ort/provider.ts';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { tfjsNodeGpuProvider, tfjsNodeProvider } from '../tfjs/native-backend.ts';
import { tfjsWasmProvider } from '../tfjs/webassembly-backend.ts';
import { ortCudaProvider, ortWebGpuProvider } from './device-providers.ts';

/** In order of preference. */
export const engineProviders: readonly EngineProvider[] = [
  ortCpuProvider,
  ortCudaProvider,
  ortWebGpuProvider,
  tfjsNodeGpuProvider,
  tfjsNodeProvider,
  tfjsWasmProvider,
  tfjsCpuProvider,
];

/** Opens the engine called `name`. Throws 'precondition-failed' with reason and remedy where it is not available here. */
export async function openEngine(name: EngineName): Promise<Engine> {
  const provider = engineProviders.find((candidate) => candidate.name === name);
  if (provider === undefined) throw new WeftError('precondition-failed', `engine ${name} is not part of this version`);
  return provider.open();
}
