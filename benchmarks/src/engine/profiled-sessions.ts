/**
 * Turns on the profiler of the ONNX Runtime that the engine uses. The engine has no such setting, and should have none for the sake
 * of a benchmark: here the runtime's own function that makes sessions is replaced by one that adds the option.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What is used of ONNX Runtime's module. */
interface Runtime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<unknown>;
  };
}

/** From now on every session of this process writes a profile to `directory` when it is closed. */
export function profileSessions(directory: string): void {
  // The engine's own copy, wherever the package manager has put it: a CommonJS package, so this is the very same module.
  const { InferenceSession } = createRequire(import.meta.resolve('@weft/engine'))('onnxruntime-node') as Runtime;
  const create = InferenceSession.create.bind(InferenceSession);
  let count = 0;
  InferenceSession.create = (model, options) => {
    const profileFilePrefix = join(directory, `session-${String(count++)}`);
    return create(model, { ...options, enableProfiling: true, profileFilePrefix });
  };
}

/** The profiles that closed sessions left in `directory`. */
export async function readProfiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).sort();
  return Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
}
