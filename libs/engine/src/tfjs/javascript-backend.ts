import { tensorflow } from '@weft/nn-models';
import { providerOf } from '../availability/engine-start.ts';
import type { EngineProvider } from '../engine.ts';
import { correctAveragePoolGradient } from './average-pool-gradient.ts';
import { TfjsEngine } from './tfjs-engine.ts';

/** The engine in plain JavaScript: always there, slow, and the reference of the others. */
export const tfjsCpuProvider: EngineProvider = providerOf('tfjs-cpu', () => {
  correctAveragePoolGradient('cpu');
  // Math.exp and its like differ between versions of V8.
  const fingerprint = `tfjs-cpu; tfjs ${tensorflow().version_core}; v8 ${process.versions.v8}`;
  return Promise.resolve({ engine: new TfjsEngine({ name: 'tfjs-cpu', registeredAs: 'cpu', fingerprint }) });
});
