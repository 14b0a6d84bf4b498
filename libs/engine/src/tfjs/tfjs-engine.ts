import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { leafLayers, loadTopology } from '@weft/nn-models';
import type { CompiledModel, Engine, EngineName, TrainingProgram } from '../engine.ts';
import { runOn, type TfjsBackend } from './tfjs-backend.ts';
import { TfjsModel } from './tfjs-model.ts';

/** An eager TF.js back end as an engine of the port. Models of several engines may live in one process. */
export class TfjsEngine implements Engine {
  readonly name: EngineName;
  readonly fingerprint: string;
  readonly #backend: TfjsBackend;

  constructor(backend: TfjsBackend) {
    this.name = backend.name;
    this.fingerprint = backend.fingerprint;
    this.#backend = backend;
  }

  /** Throws a `WeftError`: 'invalid-argument' or 'incompatible' where the program cannot be trained on this back end. */
  async compile(program: TrainingProgram): Promise<CompiledModel> {
    const model = await loadTopology(program.topology);
    try {
      if (program.batchNormalization === 'sync') this.#refuseNormalization(model);
      return await runOn(this.#backend, () => new TfjsModel(this.#backend, program, model));
    } catch (thrown) {
      model.dispose();
      throw thrown;
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** TF.js computes a gradient in one go, and cannot wait in the middle of it for the statistics of the step. */
  #refuseNormalization(model: tf.LayersModel): void {
    const found = leafLayers(model).find(({ layer }) => layer.getClassName() === 'BatchNormalization');
    if (found === undefined) return;
    throw new WeftError(
      'incompatible',
      `layer "${found.path}" is to be normalized over the whole batch (--batch-norm sync), which ${this.name} cannot do; ` +
        'use --engine ort-cpu, or --batch-norm ghost for the statistics of each chunk',
    );
  }
}
