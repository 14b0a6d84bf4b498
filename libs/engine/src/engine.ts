/**
 * The engine port: the numeric back ends of Weft, seen by the trainer.
 *
 * An engine compiles a model once and then answers two questions, for any chunks of examples: the *sums* of loss, metrics
 * and gradient over them (training), and the sums of loss and metrics (evaluation). Its answers are a function of the
 * chunks' content and the engine's fingerprint alone: not of what ran before, of the other chunks in a request, of the
 * process or of its load. One contract suite holds every adapter to that.
 */
import type { ClassCounts } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';

/** Names of engines, in order of preference where several are available. */
export const engineNames = [
  'ort-cpu',
  'ort-cuda',
  'ort-webgpu',
  'tfjs-node-gpu',
  'tfjs-node',
  'tfjs-wasm',
  'tfjs-cpu',
] as const;

export type EngineName = (typeof engineNames)[number];

/** Losses, by their Keras names. */
export const lossNames = ['categoricalCrossentropy', 'binaryCrossentropy', 'meanSquaredError'] as const;

export type LossName = (typeof lossNames)[number];

/** How raw inputs become what the model sees. `uint8` inputs are divided by 255 in float32 inside the engine. */
export type InputEncoding = 'uint8' | 'float32';

/**
 * The examples whose statistics batch normalization uses: those of the chunk (`ghost`), or of the whole step (`sync`).
 * Either way results do not depend on where chunks are computed.
 */
export const batchNormalizations = ['ghost', 'sync'] as const;

export type BatchNormalization = (typeof batchNormalizations)[number];

/** What to compile. */
export interface TrainingProgram {
  /** A layers model as TF.js topology JSON text (`model.toJSON()`): one input, one output. */
  readonly topology: string;
  readonly loss: LossName;
  readonly input: InputEncoding;
  /** Seed of the run, from which dropout masks derive. */
  readonly seed: number;
  /** `ghost` where absent. */
  readonly batchNormalization?: BatchNormalization;
}

/**
 * Rows of examples, chunk after chunk, contiguous. The engine reads the buffers during the call only.
 *
 * `inputs` is row-major, one row of `inputSize` values an example (`Uint8Array` for the encoding `uint8`).
 * `targets` is one class number an example for `categoricalCrossentropy`, else a row of `outputSize` float32 values.
 */
export interface ExampleBatch {
  readonly inputs: Uint8Array | Float32Array;
  readonly targets: Int32Array | Float32Array;
}

/** A request for the gradient sum over one whole subtree of chunks. */
export interface GradientRequest {
  readonly examples: ExampleBatch;
  /** Sizes of the chunks of the subtree, in order; all equal but the last, which may be smaller. */
  readonly chunkSizes: readonly number[];
  /** Number of the subtree's first chunk within its step, and where in the run the step is: keys of the random masks. */
  readonly firstChunk: number;
  readonly epoch: number;
  readonly step: number;
}

/** Sums over examples. */
export interface MetricSums {
  /** Sum of the examples' losses (float64: chunk values are float32, added in tree or chunk order). */
  readonly loss: number;
  /** Examples whose arg-max of output equals that of the target; 0 where the loss has no classes. */
  readonly correct: number;
}

/** Sums over examples that are evaluated. */
export interface EvaluationSums extends MetricSums {
  /** How classes were told apart, by the outputs before the last activation; undefined unless the loss is categorical. */
  readonly classes: ClassCounts | undefined;
}

/** A request for metric sums over examples, in inference mode. */
export interface EvaluationRequest {
  readonly examples: ExampleBatch;
  readonly count: number;
}

/**
 * Gives the sum over the whole step of what each subtree of its chunks gives for one round, added along the tree.
 *
 * `local` is the sum over the subtree of one gradient call, of length `rounds[round]`, and is the callee's from then on; what
 * comes back has that length and stays as it is until the gradient call ends. A rejection ends the gradient call with it.
 */
export type RoundExchange = (round: number, local: Float32Array) => Promise<Float32Array>;

/**
 * A model compiled for training and evaluation. Calls are made one at a time, but for gradient calls of a model with rounds:
 * those for the subtrees of one step are under way together, since none can end before all have come to its last round.
 */
export interface CompiledModel {
  /** Where each variable lies in the flat parameter buffer. */
  readonly layout: ParameterLayout;

  /**
   * Lengths of the vectors that are summed over the whole step while a gradient is computed, in order: the statistics of
   * `sync` batch normalization. None for other models.
   */
  readonly rounds: readonly number[];

  /**
   * Writes the contribution of a subtree to `into` (length `layout.size`) and returns its metric sums.
   *
   * [0, layout.trainableSize) receives the sum over examples of the gradient; [layout.trainableSize, layout.size) receives,
   * for each state variable (moving averages of batch normalization), the sum over chunks of chunk size times the value
   * that the variable would have after a step on that chunk alone. Sums over chunks are taken along the tree of
   * `@weft/core`'s `reduction-tree.ts`, in float32. Reads `parameters` (length `layout.size`), writes nothing else.
   *
   * A model with rounds calls `exchange` once for each, in order, and must be given it. What the request and `parameters`
   * hold must stay as it is until the call ends.
   */
  gradient(
    request: GradientRequest,
    parameters: Float32Array,
    into: Float32Array,
    exchange?: RoundExchange,
  ): Promise<MetricSums>;

  /** Metric sums over examples with `parameters`, in inference mode (no dropout, moving averages). */
  evaluate(request: EvaluationRequest, parameters: Float32Array): Promise<EvaluationSums>;

  /**
   * Output rows (probabilities) for examples in inference mode, row-major [count, outputSize]; a fresh buffer.
   */
  predict(inputs: Uint8Array | Float32Array, count: number, parameters: Float32Array): Promise<Float32Array>;

  /** Frees what the engine holds for this model. */
  dispose(): Promise<void>;
}

/** An engine ready to compile. */
export interface Engine {
  readonly name: EngineName;
  /**
   * Everything that decides bits: engine, versions, instruction set, threads, lowering version. Trainers of one run must
   * have equal fingerprints.
   */
  readonly fingerprint: string;
  compile(program: TrainingProgram): Promise<CompiledModel>;
  dispose(): Promise<void>;
}

/** Whether an engine can be used here, and if not, why and what to do about it. */
export type EngineAvailability =
  | { readonly available: true; readonly fingerprint: string }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** Finds and opens one kind of engine. */
export interface EngineProvider {
  readonly name: EngineName;
  probe(): Promise<EngineAvailability>;
  /** Opens the engine. Throws a `WeftError` ('precondition-failed') with reason and remedy where it is not available. */
  open(): Promise<Engine>;
}
