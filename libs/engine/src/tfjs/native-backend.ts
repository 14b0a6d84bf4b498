/**
 * The engines on libtensorflow, for those who installed `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu` themselves:
 * both fetch libtensorflow from outside npm when installed, so Weft does not depend on them.
 */
import { cpus } from 'node:os';
import util from 'node:util';
import { describeError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import { providerOf, type EngineStart, type Unavailable } from '../availability/engine-start.ts';
import type { EngineProvider } from '../engine.ts';
import { TfjsEngine } from './tfjs-engine.ts';

type NativeName = 'tfjs-node' | 'tfjs-node-gpu';

/** What a native package tells about itself and its back end. */
interface NativePackage {
  readonly version: Readonly<Record<string, string>>;
}

interface NativeBackend {
  readonly binding?: { readonly TF_Version?: string };
  readonly isUsingGpuDevice?: boolean;
}

/** The engine on libtensorflow's CPU kernels. */
export const tfjsNodeProvider: EngineProvider = providerOf('tfjs-node', () => startNative('tfjs-node'));

/** The engine on libtensorflow's CUDA kernels. Only one of the two native packages can be loaded in a process. */
export const tfjsNodeGpuProvider: EngineProvider = providerOf('tfjs-node-gpu', () => startNative('tfjs-node-gpu'));

async function startNative(name: NativeName): Promise<EngineStart> {
  const packageName = `@tensorflow/${name}`;
  restoreRemovedUtilities();
  let native: NativePackage;
  try {
    native = (await import(packageName)) as NativePackage;
  } catch (thrown) {
    return { unavailable: explainImport(thrown, packageName) };
  }
  const tf = tensorflow();
  const backend = tf.findBackend('tensorflow') as NativeBackend | null;
  if (backend === null) {
    return {
      unavailable: {
        reason: `${packageName} registered no back end with the TF.js ${tf.version_core} that Weft uses`,
        remedy: `install the same version: npm install ${packageName}@${tf.version_core}`,
      },
    };
  }
  if (name === 'tfjs-node-gpu' && backend.isUsingGpuDevice !== true) {
    return {
      unavailable: {
        reason: `${packageName} is installed but libtensorflow found no CUDA device`,
        remedy: 'check nvidia-smi, and that CUDA 11 and cuDNN 8 are on the library path',
      },
    };
  }
  // libtensorflow picks its kernels by instruction set and splits sums by threads.
  const processors = cpus();
  const fingerprint = [
    name,
    `package ${native.version['tfjs-node'] ?? native.version['tfjs'] ?? 'unknown'}`,
    `libtensorflow ${backend.binding?.TF_Version ?? 'unknown'}`,
    `${String(processors.length)} x ${processors[0]?.model.trim() ?? process.arch}`,
  ].join('; ');
  return { engine: new TfjsEngine({ name, registeredAs: 'tensorflow', fingerprint }) };
}

/** Gives back `util.isNullOrUndefined`, which Node 23 removed and tfjs-node 4.22 still calls. */
function restoreRemovedUtilities(): void {
  if ('isNullOrUndefined' in util) return;
  Object.defineProperty(util, 'isNullOrUndefined', {
    value: (value: unknown) => value === null || value === undefined,
    configurable: true,
  });
}

function explainImport(thrown: unknown, packageName: string): Unavailable {
  const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
  if (missing && thrown.message.includes(packageName)) {
    return {
      reason: `the package ${packageName} is not installed`,
      remedy: `npm install ${packageName}@${tensorflow().version_core} (it downloads libtensorflow)`,
    };
  }
  return {
    reason: `${packageName} did not load: ${describeError(thrown)}`,
    remedy: `build its native binding again: npm rebuild ${packageName} --build-addon-from-source`,
  };
}
