/** The default engine: compiled graphs on ONNX Runtime's CPU kernels, one thread. */
import { describeError } from '@weft/core';
import { providerOf, type EngineStart } from '../availability/engine-start.ts';
import type { EngineProvider } from '../engine.ts';
import { OrtEngine } from './ort-engine.ts';

export const ortCpuProvider: EngineProvider = providerOf('ort-cpu', start);

async function start(): Promise<EngineStart> {
  try {
    return { engine: await OrtEngine.open() };
  } catch (thrown) {
    return {
      unavailable: {
        reason: `ONNX Runtime cannot be loaded on ${process.platform} ${process.arch}: ${describeError(thrown)}`,
        remedy: 'reinstall with npm install, or use --engine tfjs-cpu, which needs no native library',
      },
    };
  }
}
