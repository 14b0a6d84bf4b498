/**
 * One model on an eager TF.js back end: chunk by chunk, operation by operation, nothing compiled.
 *
 * Slow and plain. It is the reference that the compiled engines are compared with, and the way to run layers that the
 * compiler does not know.
 */
import type * as tf from '@tensorflow/tfjs';
import { addClassCounts, addInPlace, invariant, TreeSum, type ClassCounts } from '@weft/core';
import { layoutOf, tensorflow, variablesOf, type ModelVariable, type ParameterLayout } from '@weft/nn-models';
import type {
  CompiledModel,
  EvaluationRequest,
  EvaluationSums,
  ExampleBatch,
  GradientRequest,
  MetricSums,
  TrainingProgram,
} from '../engine.ts';
import { exampleHits, exampleLosses } from '../losses/example-loss.ts';
import { checkLossFits } from '../losses/loss-fit.ts';
import { applyHead, takeOutputHead, type OutputHead } from '../losses/output-head.ts';
import { countClasses } from '../metrics/count-classes.ts';
import { exampleTensors, inputTensor } from './example-tensors.ts';
import { interceptRandomLayers, type MaskSource } from './random-layers.ts';
import { inTensorScope } from './tensor-scope.ts';
import { runOn, type TfjsBackend } from './tfjs-backend.ts';

/** Examples of one inference pass: bounds memory, and is part of what fixes the bits of an evaluation. */
const inferenceRows = 256;

interface ChunkSum {
  readonly contribution: Float32Array;
  readonly metrics: MetricSums;
}

/** The port's `CompiledModel` over eager TF.js. Owns the model it is given. */
export class TfjsModel implements CompiledModel {
  readonly layout: ParameterLayout;
  /** Operations run as TF.js comes to them, so a gradient cannot wait for the rest of the step. */
  readonly rounds: readonly number[] = [];
  readonly #backend: TfjsBackend;
  readonly #program: TrainingProgram;
  readonly #model: tf.LayersModel;
  readonly #variables: readonly ModelVariable[];
  readonly #head: OutputHead;
  readonly #masks: MaskSource;
  readonly #inputSize: number;
  readonly #targetSize: number;

  constructor(backend: TfjsBackend, program: TrainingProgram, model: tf.LayersModel) {
    const outputShape = exampleShape(model.outputs);
    checkLossFits(program.loss, outputShape);
    this.#backend = backend;
    this.#program = program;
    this.#model = model;
    this.#variables = variablesOf(model);
    this.layout = layoutOf(model);
    this.#head = takeOutputHead(model);
    this.#masks = interceptRandomLayers(model);
    this.#inputSize = elements(exampleShape(model.inputs));
    this.#targetSize = program.loss === 'categoricalCrossentropy' ? 1 : elements(outputShape);
  }

  gradient(request: GradientRequest, parameters: Float32Array, into: Float32Array): Promise<MetricSums> {
    invariant(into.length === this.layout.size, `the target holds ${String(into.length)} values`);
    return runOn(this.#backend, () => {
      const sums = new TreeSum<ChunkSum>(request.chunkSizes.length, addChunks);
      let first = 0;
      request.chunkSizes.forEach((size, ordinal) => {
        this.#masks.startPass({
          seed: this.#program.seed,
          epoch: request.epoch,
          step: request.step,
          chunk: request.firstChunk + ordinal,
        });
        const examples = this.#rows(request.examples, first, first + size);
        sums.give({ level: 0, index: ordinal }, this.#chunk(examples, size, parameters));
        first += size;
      });
      into.set(sums.root.contribution);
      return sums.root.metrics;
    });
  }

  evaluate({ examples, count }: EvaluationRequest, parameters: Float32Array): Promise<EvaluationSums> {
    return runOn(this.#backend, () => {
      this.#assign(parameters);
      let total: MetricSums = { loss: 0, correct: 0 };
      let classes = this.#classes(new Float32Array(0), examples.targets.subarray(0, 0));
      for (let first = 0; first < count; first += inferenceRows) {
        const end = Math.min(first + inferenceRows, count);
        const rows = this.#rows(examples, first, end);
        const part = inTensorScope(() => {
          const { inputs, targets } = exampleTensors(this.#model, rows, end - first);
          const logits = this.#logits(inputs, false);
          const counts = classes && this.#classes(logits.dataSync() as Float32Array, rows.targets);
          return { metrics: this.#metrics(logits, targets), counts };
        });
        total = addMetrics(total, part.metrics);
        if (classes !== undefined && part.counts !== undefined) classes = addClassCounts(classes, part.counts);
      }
      return { ...total, classes };
    });
  }

  predict(inputs: Uint8Array | Float32Array, count: number, parameters: Float32Array): Promise<Float32Array> {
    const outputSize = elements(exampleShape(this.#model.outputs));
    const rows = new Float32Array(count * outputSize);
    return runOn(this.#backend, () => {
      this.#assign(parameters);
      for (let first = 0; first < count; first += inferenceRows) {
        const end = Math.min(first + inferenceRows, count);
        const part = inTensorScope(() => {
          const slice = inputs.subarray(first * this.#inputSize, end * this.#inputSize);
          return applyHead(this.#head, this.#logits(inputTensor(this.#model, slice, end - first), false)).dataSync();
        });
        rows.set(part, first * outputSize);
      }
      return rows;
    });
  }

  dispose(): Promise<void> {
    return runOn(this.#backend, () => {
      this.#model.dispose();
    });
  }

  /** Loss, hits and contribution of one chunk; every tensor made on the way is freed. */
  #chunk(examples: ExampleBatch, size: number, parameters: Float32Array): ChunkSum {
    const tf = tensorflow();
    this.#assign(parameters);
    return inTensorScope(() => {
      const { inputs, targets } = exampleTensors(this.#model, examples, size);
      let metrics: MetricSums | undefined;
      const { grads } = tf.variableGrads(
        () => {
          const logits = this.#logits(inputs, true);
          metrics = this.#metrics(logits, targets);
          return tf.sum<tf.Scalar>(exampleLosses(this.#program.loss, this.#head, logits, targets));
        },
        this.#variables.filter(({ trainable }) => trainable).map(({ variable }) => variable.read() as tf.Variable),
      );
      invariant(metrics !== undefined, 'the loss was computed');
      return { contribution: this.#contribution(grads, size), metrics };
    });
  }

  /** Gradients, then state after this chunk times its size, in layout order; a fresh buffer. */
  #contribution(gradients: tf.NamedTensorMap, size: number): Float32Array {
    const contribution = new Float32Array(this.layout.size);
    this.#variables.forEach(({ variable, trainable }, ordinal) => {
      const entry = this.layout.entries[ordinal];
      invariant(entry !== undefined, 'the layout has an entry for each variable');
      const value = variable.read();
      if (trainable) {
        const gradient = gradients[(value as tf.Variable).name];
        if (gradient !== undefined) contribution.set(gradient.dataSync(), entry.offset);
      } else {
        contribution.set(
          value.dataSync().map((element) => element * size),
          entry.offset,
        );
      }
    });
    return contribution;
  }

  #logits(inputs: tf.Tensor, training: boolean): tf.Tensor {
    return this.#model.apply(inputs, { training }) as tf.Tensor;
  }

  #metrics(logits: tf.Tensor, targets: tf.Tensor): MetricSums {
    const { loss } = this.#program;
    const { sum } = tensorflow();
    const losses = exampleLosses(loss, this.#head, logits, targets);
    const hits = exampleHits(loss, this.#head, logits, targets);
    return {
      loss: sum(losses).dataSync()[0] ?? NaN,
      correct: hits === undefined ? 0 : (sum(hits).dataSync()[0] ?? NaN),
    };
  }

  /** Undefined where targets are no classes. */
  #classes(scores: Float32Array, targets: ExampleBatch['targets']): ClassCounts | undefined {
    if (!(targets instanceof Int32Array)) return undefined;
    return countClasses(scores, targets, elements(exampleShape(this.#model.outputs)));
  }

  #assign(parameters: Float32Array): void {
    invariant(parameters.length === this.layout.size, `the model has ${String(this.layout.size)} parameters`);
    const tf = tensorflow();
    this.#variables.forEach(({ variable }, ordinal) => {
      const entry = this.layout.entries[ordinal];
      invariant(entry !== undefined, 'the layout has an entry for each variable');
      const values = parameters.slice(entry.offset, entry.offset + entry.length);
      inTensorScope(() => {
        variable.write(tf.tensor(values, [...entry.shape], 'float32'));
      });
    });
  }

  #rows({ inputs, targets }: ExampleBatch, first: number, end: number): ExampleBatch {
    return {
      inputs: inputs.subarray(first * this.#inputSize, end * this.#inputSize),
      targets: targets.subarray(first * this.#targetSize, end * this.#targetSize),
    };
  }
}

function addChunks(left: ChunkSum, right: ChunkSum): ChunkSum {
  return {
    contribution: addInPlace(left.contribution, right.contribution),
    metrics: addMetrics(left.metrics, right.metrics),
  };
}

function addMetrics(left: MetricSums, right: MetricSums): MetricSums {
  return { loss: left.loss + right.loss, correct: left.correct + right.correct };
}

function exampleShape([tensor]: readonly tf.SymbolicTensor[]): number[] {
  invariant(tensor !== undefined, 'the model has an input and an output');
  return tensor.shape.slice(1).map((size) => size ?? 1);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
