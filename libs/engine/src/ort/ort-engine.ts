/** The engines on ONNX Runtime: one compiler and one way to run its graphs, on any of the runtime's execution providers. */
import { tensorflow } from '@weft/nn-models';
import type { CompiledModel, Engine, EngineName, TrainingProgram } from '../engine.ts';
import { loweringVersion } from '../lower/lower.ts';
import { OrtCompiledModel, type OrtModelOptions } from './compiled-model.ts';
import { digestArithmetic, probeBlockSize } from './processor.ts';
import { loadRuntime, type Runtime } from './runtime.ts';
import type { ExecutionProvider } from './session-options.ts';
import { SharedCache } from './shared-cache.ts';
import { sourceDigest, TracedModel } from './traced-model.ts';

/**
 * How graphs are made and run where a device computes: in ONNX's own layout, and chunk by chunk, since a device's library
 * picks its kernels by the number of rows.
 */
export const deviceGraphs = { blockSize: undefined, chunksTogether: 1 } as const;

/** Topologies whose trace and programs are kept when no model of them is left, for the next run or trial. */
const topologiesKept = 8;

const engineNames = { cpu: 'ort-cpu', cuda: 'ort-cuda', webgpu: 'ort-webgpu' } as const;

export class OrtEngine implements Engine {
  readonly name: EngineName;
  /** Names no device: where two give the same bits for the digest's numbers, they may train together. */
  readonly fingerprint: string;
  readonly #runtime: Runtime;
  readonly #options: OrtModelOptions;
  readonly #traced = new SharedCache<TracedModel>(topologiesKept);

  private constructor(runtime: Runtime, options: OrtModelOptions, fingerprint: string) {
    this.name = engineNames[options.executionProvider];
    this.#runtime = runtime;
    this.#options = options;
    this.fingerprint = fingerprint;
  }

  /** Opens the engine of `provider`, and throws what the runtime throws; `overrides` are for tests of one part against another. */
  static async open(
    provider: ExecutionProvider = 'cpu',
    overrides: Partial<Omit<OrtModelOptions, 'executionProvider'>> = {},
  ): Promise<OrtEngine> {
    const runtime = await loadRuntime();
    const graphs =
      provider === 'cpu'
        ? { blockSize: 'blockSize' in overrides ? overrides.blockSize : await probeBlockSize(runtime) }
        : deviceGraphs;
    const options = { ...graphs, ...overrides, executionProvider: provider };
    const fingerprint = [
      engineNames[provider],
      `onnxruntime ${runtime.env.versions.node ?? runtime.env.versions.common}`,
      `tfjs ${tensorflow().version_core}`,
      `${provider === 'cpu' ? process.arch : provider} arithmetic ${await digestArithmetic(runtime, provider)}`,
      options.blockSize === undefined ? 'plain layout' : `blocks of ${String(options.blockSize)}`,
      '1 thread',
      `lowering ${String(loweringVersion)}`,
    ].join('; ');
    return new OrtEngine(runtime, options, fingerprint);
  }

  async compile(program: TrainingProgram): Promise<CompiledModel> {
    const options = this.#options;
    const traced = await this.#traced.acquire(sourceDigest(program), () => TracedModel.open(program, options));
    return new OrtCompiledModel(this.#runtime, traced, program, options);
  }

  async dispose(): Promise<void> {
    // Models hold the sessions; the library stays loaded.
    await this.#traced.clear();
  }
}
