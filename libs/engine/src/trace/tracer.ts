/**
 * Traces a layers model: forward pass, loss and gradient, for a given number of rows, as a program of the intermediate
 * representation. The model is built from its topology on the tracing back end and holds no values.
 */
import type * as tf from '@tensorflow/tfjs';
import { describeError, invariant, WeftError } from '@weft/core';
import { layoutOf, loadTopology, tensorflow, variablesOf, type ParameterLayout } from '@weft/nn-models';
import type { TrainingProgram } from '../engine.ts';
import { exampleHits } from '../losses/example-loss.ts';
import { checkLossFits } from '../losses/loss-fit.ts';
import { applyHead, takeOutputHead, type OutputHead } from '../losses/output-head.ts';
import { StepMeans, type StepSum } from '../rounds/step-means.ts';
import { makeNode, sizeOf, splat, type Dtype, type Program, type Shape } from '../ir/node.ts';
import { traceStore } from './backend.ts';
import { chunkMean } from './batch-normalization.ts';
import { prepareLayers, type MaskInput } from './layers.ts';
import { tracedLosses } from './losses.ts';
import { withTraceBackend } from './registry.ts';
import { withZeroInitializers } from './topology.ts';

/** A program for a number of rows with the masks that it takes. */
export interface TracedProgram {
  readonly rows: number;
  readonly program: Program;
  readonly masks: readonly MaskInput[];
  /** Sums over all examples of the step that it takes; none but for `sync` batch normalization in training. */
  readonly stepSums: readonly StepSum[];
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
  /** Outputs: a value a row. */
  loss: 'loss',
  correct: 'correct',
  predictions: 'predictions',
  /** Output: what goes into the last activation, a row each. */
  scores: 'scores',
} as const;

export class Tracer {
  readonly layout: ParameterLayout;
  /** Shape of one example and of one row of output. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly #model: tf.LayersModel;
  readonly #source: TrainingProgram;
  readonly #head: OutputHead;

  private constructor(model: tf.LayersModel, source: TrainingProgram) {
    this.#model = model;
    this.#source = source;
    this.layout = layoutOf(model);
    this.inputShape = shapeOfRow(model.inputs);
    this.outputShape = shapeOfRow(model.outputs);
    this.#head = takeOutputHead(model);
  }

  /** Builds the model of `source` for tracing. Throws a `WeftError` where it is no model, or cannot be compiled. */
  static async open(source: TrainingProgram): Promise<Tracer> {
    // TF.js builds the model before it returns the promise, which is what makes the synchronous switch right.
    const model = await withTraceBackend(() => loadTopology(withZeroInitializers(source.topology)));
    const tracer = new Tracer(model, source);
    try {
      checkLossFits(source.loss, tracer.outputShape);
      // What cannot be traced shows at the first attempt.
      tracer.training(2);
    } catch (thrown) {
      tracer.dispose();
      throw thrown;
    }
    return tracer;
  }

  /** The training step of `rows` examples: contributions of all variables; loss and correctness of each example. */
  training(rows: number): TracedProgram {
    return this.#trace(rows, (output, targets) => {
      const tf = tensorflow();
      let losses: tf.Tensor | undefined;
      let correct: tf.Tensor | undefined;
      const variables = variablesOf(this.#model).map(({ variable }) => variable);
      const trainable = variables.filter((_, index) => this.layout.entries[index]?.trainable === true);
      const { grads } = tf.variableGrads(
        () => {
          const logits = output(true);
          correct = tf.keep(this.#hits(logits, targets));
          losses = tf.keep(tracedLosses(this.#source.loss, this.#head, logits, targets));
          return tf.sum<tf.Scalar>(losses);
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
      invariant(losses !== undefined && correct !== undefined, 'the loss was traced');
      const metrics = [
        { name: names.loss, node: traceStore.nodeOf(losses) },
        { name: names.correct, node: traceStore.nodeOf(correct) },
      ];
      tf.dispose([losses, correct]);
      return { outputs: [...metrics, ...contributions] };
    });
  }

  /** The model at inference over `rows` examples: predictions, scores, and loss and correctness of each. */
  inference(rows: number): TracedProgram {
    return this.#trace(rows, (output, targets) => {
      const logits = output(false);
      const outputs = {
        [names.predictions]: applyHead(this.#head, logits),
        [names.scores]: logits,
        [names.loss]: tracedLosses(this.#source.loss, this.#head, logits, targets),
        [names.correct]: this.#hits(logits, targets),
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
    const means = new StepMeans();
    const program = withTraceBackend(() => {
      const tf = tensorflow();
      let built: Program = { outputs: [] };
      const meanOf = this.#source.batchNormalization === 'sync' ? means.meanOf : chunkMean;
      const restore = prepareLayers(this.#model, masks, meanOf);
      try {
        // The program holds nodes, not tensors: what tidy disposes of is not needed any more.
        tf.tidy(() => {
          this.#bindParameters();
          const examples = this.#examples(rows);
          const output = (training: boolean): tf.Tensor => this.#model.apply(examples, { training }) as tf.Tensor;
          built = build(output, this.#targets(rows));
        });
      } catch (thrown) {
        throw asIncompatible(thrown);
      } finally {
        restore();
      }
      return { outputs: [...built.outputs, ...means.outputs] };
    });
    return { rows, program, masks, stepSums: means.sums };
  }

  /** Lets each variable stand for an input. A trace before this one may have left new values in state variables. */
  #bindParameters(): void {
    variablesOf(this.#model).forEach(({ variable }, index) => {
      const shape = this.layout.entries[index]?.shape ?? [];
      const node = makeNode({ op: 'input', name: names.parameter(index), role: 'parameter' }, [], shape);
      traceStore.rebind(variable.read().dataId, node);
    });
  }

  /**
   * The input as the model sees it. It is decoded as flat rows: ONNX Runtime works element by element where the last axis
   * has length one, as in grey images.
   */
  #examples(rows: number): tf.Tensor {
    const tf = tensorflow();
    const raw = rowInput(names.examples, [rows, sizeOf(this.inputShape)], this.#source.input);
    const decoded = this.#source.input === 'uint8' ? tf.div(tf.cast(raw, 'float32'), 255) : raw;
    return tf.reshape(decoded, [rows, ...this.inputShape]);
  }

  #targets(rows: number): tf.Tensor {
    return this.#source.loss === 'categoricalCrossentropy'
      ? rowInput(names.targets, [rows], 'int32')
      : rowInput(names.targets, [rows, ...this.outputShape], 'float32');
  }

  /** For each row, in how much of its output the model is right; zeros where the loss has no classes. */
  #hits(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
    const tf = tensorflow();
    const [rows = 1] = logits.shape;
    const hits = exampleHits(this.#source.loss, this.#head, logits, targets) ?? tf.zeros([rows]);
    return hits.rank === 1 ? hits : tf.sum(tf.reshape(hits, [rows, -1]), 1);
  }
}

/** TF.js's own refusals (an operation without gradient, say) as errors of the model; a bug stays what it is. */
function asIncompatible(thrown: unknown): unknown {
  if (thrown instanceof WeftError || describeError(thrown).startsWith('invariant')) return thrown;
  return new WeftError(
    'incompatible',
    `the model cannot be compiled: ${describeError(thrown)}; if TF.js can train it, --engine tfjs-cpu does`,
    { cause: thrown },
  );
}

function rowInput(name: string, shape: Shape, dtype: Dtype): tf.Tensor {
  return traceStore.tensor(makeNode({ op: 'input', name, role: 'rows' }, [], shape, dtype));
}

function shapeOfRow(tensors: readonly tf.SymbolicTensor[]): Shape {
  return tensors[0]?.shape.slice(1).map((dimension) => dimension ?? 1) ?? [];
}
