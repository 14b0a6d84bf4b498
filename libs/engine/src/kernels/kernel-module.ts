/**
 * Loads WebAssembly kernels onto a memory. Pages are zero at first and a memory never grows, so that views of it stay
 * valid for its whole life.
 */
import { WeftError } from '@weft/core';

/** A linear memory that kernels work on. Little-endian on every machine. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

/** The part of the platform's WebAssembly that kernels need; Node has it, its type package does not declare it. */
interface WebAssemblyPlatform {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => KernelMemory;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: KernelMemory } },
  ) => { readonly exports: unknown };
}

const platform = (globalThis as unknown as { readonly WebAssembly: WebAssemblyPlatform }).WebAssembly;
const pageBytes = 65_536;
const maximumPages = 65_536;
const modules = new Map<string, object>();

/**
 * A zeroed memory of at least `bytes`. Throws `too-large` above 4 GiB, the reach of a 32-bit pointer, and
 * `resource-exhausted` where the machine refuses.
 */
export function createMemory(bytes: number): KernelMemory {
  const pages = Math.ceil(bytes / pageBytes);
  const size = `${String(Math.ceil(bytes / 2 ** 20))} MiB`;
  if (pages > maximumPages) {
    throw new WeftError('too-large', `a replica of ${size} is over the limit of 4096 MiB: use a smaller model`);
  }
  try {
    return new platform.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new WeftError('resource-exhausted', `the machine refused ${size} of memory for a replica: free some`, {
      cause,
    });
  }
}

/** Instantiates a committed kernel on `memory`: an object of what its source in `assembly/` exports. */
export function loadKernels(base64: string, memory: KernelMemory): unknown {
  let module = modules.get(base64);
  if (module === undefined) {
    module = new platform.Module(Buffer.from(base64, 'base64'));
    modules.set(base64, module);
  }
  return new platform.Instance(module, { env: { memory } }).exports;
}
