/** The default engine: compiled graphs on ONNX Runtime's CPU kernels, one thread. */
import { describeError, WeftError } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import type { CompiledModel, Engine, EngineAvailability, EngineProvider, TrainingProgram } from '../engine.ts';
import { loweringVersion } from '../lower/lower.ts';
import { OrtCompiledModel, type OrtModelOptions } from './compiled-model.ts';
import { digestArithmetic, probeBlockSize } from './processor.ts';
import { loadRuntime, type Runtime } from './runtime.ts';

export class OrtCpuEngine implements Engine {
  readonly name = 'ort-cpu';
  readonly fingerprint: string;
  readonly #runtime: Runtime;
  readonly #options: OrtModelOptions;

  private constructor(runtime: Runtime, options: OrtModelOptions, fingerprint: string) {
    this.#runtime = runtime;
    this.#options = options;
    this.fingerprint = fingerprint;
  }

  /** Opens the engine; `overrides` are for tests of one part against another. */
  static async open(overrides: Partial<OrtModelOptions> = {}): Promise<OrtCpuEngine> {
    const runtime = await loadRuntime();
    const blockSize = 'blockSize' in overrides ? overrides.blockSize : await probeBlockSize(runtime);
    const fingerprint = [
      'ort-cpu',
      `onnxruntime ${runtime.env.versions.node ?? runtime.env.versions.common}`,
      `tfjs ${tensorflow().version_core}`,
      `${process.arch} arithmetic ${await digestArithmetic(runtime)}`,
      blockSize === undefined ? 'plain layout' : `blocks of ${String(blockSize)}`,
      '1 thread',
      `lowering ${String(loweringVersion)}`,
    ].join('; ');
    return new OrtCpuEngine(runtime, { ...overrides, blockSize }, fingerprint);
  }

  async compile(program: TrainingProgram): Promise<CompiledModel> {
    return await OrtCompiledModel.open(this.#runtime, program, this.#options);
  }

  async dispose(): Promise<void> {
    // Models hold the sessions; the engine holds the library, which stays loaded.
  }
}

export const ortCpuProvider: EngineProvider = {
  name: 'ort-cpu',

  async probe(): Promise<EngineAvailability> {
    try {
      const engine = await OrtCpuEngine.open();
      return { available: true, fingerprint: engine.fingerprint };
    } catch (thrown) {
      return unavailable(thrown);
    }
  },

  async open(): Promise<Engine> {
    try {
      return await OrtCpuEngine.open();
    } catch (thrown) {
      const { reason, remedy } = unavailable(thrown);
      throw new WeftError('precondition-failed', `engine ort-cpu: ${reason}. ${remedy}`, { cause: thrown });
    }
  },
};

function unavailable(thrown: unknown): Extract<EngineAvailability, { available: false }> {
  return {
    available: false,
    reason: `ONNX Runtime cannot be loaded on ${process.platform} ${process.arch}: ${describeError(thrown)}`,
    remedy: 'Reinstall with npm install, or use --engine tfjs-cpu, which needs no native library',
  };
}
