import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { describeError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import { providerOf, type EngineStart } from '../availability/engine-start.ts';
import type { EngineProvider } from '../engine.ts';
import { correctAveragePoolGradient } from './average-pool-gradient.ts';
import { TfjsEngine } from './tfjs-engine.ts';
import { registerFilterGradient } from './webassembly-filter-gradient.ts';
import { registerPoolGradient } from './webassembly-pool-gradient.ts';
import { registerReductions } from './webassembly-reductions.ts';

/** The engine on TF.js's WebAssembly back end, one thread. Some ten times the speed of `tfjs-cpu`, a 25th of `ort-cpu`. */
export const tfjsWasmProvider: EngineProvider = providerOf('tfjs-wasm', startWebAssembly);

async function startWebAssembly(): Promise<EngineStart> {
  const tf = tensorflow();
  try {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(`${dirname(main)}${sep}`);
    wasm.setThreadsCount(1);
    const works = await tf.setBackend('wasm');
    if (!works) throw new Error('TF.js could not start the back end');
  } catch (thrown) {
    return {
      unavailable: {
        reason: `its back end did not start: ${describeError(thrown)}`,
        remedy: 'install the dependencies again (npm ci), or use --engine ort-cpu',
      },
    };
  }
  registerFilterGradient();
  registerPoolGradient();
  registerReductions();
  correctAveragePoolGradient('wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const fingerprint = `tfjs-wasm; tfjs ${tf.version_core}; ${simd === true ? 'simd' : 'no simd'}; 1 thread`;
  return { engine: new TfjsEngine({ name: 'tfjs-wasm', registeredAs: 'wasm', fingerprint }) };
}
