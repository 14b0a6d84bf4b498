/**
 * Traces a layers model: forward pass, loss and gradient, for a given number of rows, as a program of the intermediate
 * representation. The model is built from its topology on the tracing back end and holds no values.
 */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { layoutOf, loadTopology, tensorflow, variablesOf, type ParameterLayout } from '@weft/nn-models';
import type { TrainingProgram } from '../engine.ts';
import { makeNode, sizeOf, splat, type Dtype, type Program, type Shape } from '../ir/node.ts';
import { traceStore } from './backend.ts';
import { prepareLayers, type MaskInput } from './layers.ts';
import { correctPerExample, lossPerExample } from './losses.ts';
import { withTraceBackend } from './registry.ts';
import { traceable, type Head } from './topology.ts';

/** A program for a number of rows with the masks that it takes. */
export interface TracedProgram {
  readonly rows: number;
  readonly program: Program;
  readonly masks: readonly MaskInput[];
}

/** Names of a program's inputs and outputs. */
export const names = {
  examples: 'x',
  targets: 'y',
  parameterPrefix: 'p',
  /** Input: the variable in place `index` of the layout. */
  parameter: (index: number): string => `p${String(index)}`,
  /** Output: the gradient, or for a state variable the new value, of the variable in place `index`. */
  contribution: (index: number): string => `g${String(index)}`,
  /** Outputs of training: sums over rows. Outputs of inference: a value a row. */
  loss: 'loss',
  correct: 'correct',
  predictions: 'predictions',
} as const;

export class Tracer {
  readonly layout: ParameterLayout;
  /** Shape of one example and of one row of output. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly #model: tf.LayersModel;
  readonly #source: TrainingProgram;
  readonly #head: Head;

  private constructor(model: tf.LayersModel, source: TrainingProgram, head: Head) {
    this.#model = model;
    this.#source = source;
    this.#head = head;
    this.layout = layoutOf(model);
    this.inputShape = shapeOfRow(model.inputs);
    this.outputShape = shapeOfRow(model.outputs);
  }

  /** Builds the model of `source` for tracing. Throws a `WeftError` where it is no model, or cannot be compiled. */
  static async open(source: TrainingProgram): Promise<Tracer> {
    const { topology, head } = traceable(source.topology, source.loss);
    // TF.js builds the model before it returns the promise, which is what makes the synchronous switch right.
    const model = await withTraceBackend(() => loadTopology(topology));
    const tracer = new Tracer(model, source, head);
    if (source.loss !== 'meanSquaredError' && tracer.outputShape.length !== 1) {
      tracer.dispose();
      throw new WeftError(
        'incompatible',
        `the loss ${source.loss} needs a model whose output is one row of values an example, not [${tracer.outputShape.join(', ')}]`,
      );
    }
    return tracer;
  }

  /** The training step of `rows` examples: contributions of all variables, and sums of loss and correct examples. */
  training(rows: number): TracedProgram {
    return this.#trace(rows, (output, targets) => {
      const tf = tensorflow();
      let correct: tf.Tensor | undefined;
      const variables = variablesOf(this.#model).map(({ variable }) => variable);
      const trainable = variables.filter((_, index) => this.layout.entries[index]?.trainable === true);
      const { value, grads } = tf.variableGrads(
        () => {
          const result = output(true);
          correct = tf.keep(tf.sum(correctPerExample(this.#source.loss, this.#head, targets, result)));
          return tf.sum(lossPerExample(this.#source.loss, this.#head, targets, result)) as tf.Scalar;
        },
        trainable.map((variable) => variable.read() as tf.Variable),
      );
      const contributions = variables.map((variable, index) => {
        const current = variable.read();
        const isTrainable = this.layout.entries[index]?.trainable === true;
        const gradient = grads[(current as tf.Variable).name];
        // A layer that keeps state has assigned a new value while it was called. No gradient: the loss does not read it.
        const contribution = isTrainable ? gradient : current;
        const node = contribution === undefined ? splat(0, current.shape) : traceStore.nodeOf(contribution);
        return { name: names.contribution(index), node };
      });
      const sums = [
        { name: names.loss, node: traceStore.nodeOf(value) },
        { name: names.correct, node: traceStore.nodeOf(correct ?? value) },
      ];
      correct?.dispose();
      return { outputs: [...sums, ...contributions] };
    });
  }

  /** The model at inference over `rows` examples: predictions, and loss and correctness of each. */
  inference(rows: number): TracedProgram {
    return this.#trace(rows, (output, targets) => {
      const tf = tensorflow();
      const result = output(false);
      const { loss } = this.#source;
      const predictions =
        this.#head === 'softmax' ? tf.softmax(result) : this.#head === 'sigmoid' ? tf.sigmoid(result) : result;
      const outputs = {
        [names.predictions]: predictions,
        [names.loss]: lossPerExample(loss, this.#head, targets, result),
        [names.correct]: correctPerExample(loss, this.#head, targets, result),
      };
      return { outputs: Object.entries(outputs).map(([name, tensor]) => ({ name, node: traceStore.nodeOf(tensor) })) };
    });
  }

  /** Frees the model. */
  dispose(): void {
    withTraceBackend(() => this.#model.dispose());
  }

  #trace(
    rows: number,
    build: (output: (training: boolean) => tf.Tensor, targets: tf.Tensor) => Program,
  ): TracedProgram {
    const masks: MaskInput[] = [];
    const program = withTraceBackend(() => {
      const tf = tensorflow();
      let built: Program = { outputs: [] };
      const restore = prepareLayers(this.#model, masks);
      try {
        // The program holds nodes, not tensors: what tidy disposes of is not needed any more.
        tf.tidy(() => {
          this.#bindParameters();
          const examples = this.#examples(rows);
          const output = (training: boolean): tf.Tensor => {
            const result = this.#model.apply(examples, { training }) as tf.Tensor;
            return result.rank === 2 ? result : tf.reshape(result, [rows, sizeOf(this.outputShape)]);
          };
          built = build(output, this.#targets(rows));
        });
      } finally {
        restore();
      }
      return built;
    });
    return { rows, program, masks };
  }

  /** Lets each variable stand for an input. A trace before this one may have left new values in state variables. */
  #bindParameters(): void {
    variablesOf(this.#model).forEach(({ variable }, index) => {
      const shape = this.layout.entries[index]?.shape ?? [];
      const node = makeNode({ op: 'input', name: names.parameter(index), role: 'parameter' }, [], shape);
      traceStore.rebind(variable.read().dataId, node);
    });
  }

  #examples(rows: number): tf.Tensor {
    const tf = tensorflow();
    const shape = [rows, ...this.inputShape];
    const raw = rowInput(names.examples, shape, this.#source.input);
    return this.#source.input === 'uint8' ? tf.div(tf.cast(raw, 'float32'), 255) : raw;
  }

  #targets(rows: number): tf.Tensor {
    return this.#source.loss === 'categoricalCrossentropy'
      ? rowInput(names.targets, [rows], 'int32')
      : rowInput(names.targets, [rows, sizeOf(this.outputShape)], 'float32');
  }
}

function rowInput(name: string, shape: Shape, dtype: Dtype): tf.Tensor {
  return traceStore.tensor(makeNode({ op: 'input', name, role: 'rows' }, [], shape, dtype));
}

function shapeOfRow(tensors: readonly tf.SymbolicTensor[]): Shape {
  return tensors[0]?.shape.slice(1).map((dimension) => dimension ?? 1) ?? [];
}
