/**
 * A model on ONNX Runtime: the compiled-model port over graphs that are made for the chunk sizes that come, and kept.
 *
 * Memory is bounded whatever the size of a request: chunks run in groups, whose contributions are added along the tree.
 */
import { addClassCounts, addInPlace, invariant, TreeSum, WeftError, type ClassCounts } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';
import { compileInference, compileTraining, type CompiledProgram } from '../compile.ts';
import type {
  CompiledModel,
  EvaluationRequest,
  EvaluationSums,
  ExampleBatch,
  GradientRequest,
  MetricSums,
  TrainingProgram,
} from '../engine.ts';
import { sizeOf } from '../ir/node.ts';
import type { LoweringOptions } from '../lower/lowering.ts';
import { fillDropoutMask } from '../masks/dropout-mask.ts';
import { countClasses } from '../metrics/count-classes.ts';
import { names, Tracer } from '../trace/tracer.ts';
import { CompiledSession } from './compiled-session.ts';
import { checkDeviceLimits } from './device-limits.ts';
import { checkExamples, checkInputs, exampleFeeds, type ExampleShape } from './example-feeds.ts';
import { GraphCache } from './graph-cache.ts';
import { FlatTensors, unshared } from './flat-tensors.ts';
import { chunksPerRun, groupChunks, type ChunkGroup } from './run-plan.ts';
import type { Runtime } from './runtime.ts';
import type { Feeds } from './session.ts';
import type { ExecutionProvider } from './session-options.ts';

/** What can be chosen about a compiled model; none of it changes a result, but `blockSize` and the provider change bits. */
export interface OrtModelOptions extends LoweringOptions {
  /** Where graphs run. */
  readonly executionProvider: ExecutionProvider;
  /** Chunks that run together, a power of two; chosen by the model where absent. */
  readonly chunksTogether?: number;
}

/** Graphs that are kept for each model. */
const graphsKept = 8;

/** Rows of an inference graph. Fixed, so that a row's result cannot depend on how many were asked for. */
const inferenceRows = 128;

export class OrtCompiledModel implements CompiledModel {
  readonly layout: ParameterLayout;
  readonly #runtime: Runtime;
  readonly #tracer: Tracer;
  readonly #program: TrainingProgram;
  readonly #options: OrtModelOptions;
  readonly #shape: ExampleShape;
  readonly #graphs = new GraphCache<CompiledSession>(graphsKept);
  readonly #parameters: FlatTensors;
  readonly #contributions: FlatTensors;
  readonly #spare: Float32Array[] = [];
  #chunksTogether: { readonly chunkSize: number; readonly count: number } | undefined;

  private constructor(runtime: Runtime, tracer: Tracer, program: TrainingProgram, options: OrtModelOptions) {
    this.#runtime = runtime;
    this.#tracer = tracer;
    this.#program = program;
    this.#options = options;
    this.layout = tracer.layout;
    this.#shape = { program, inputShape: tracer.inputShape, outputShape: tracer.outputShape };
    this.#parameters = new FlatTensors(runtime, tracer.layout, names.parameter);
    this.#contributions = new FlatTensors(runtime, tracer.layout, names.contribution);
  }

  /** Builds the model. Throws a `WeftError` where it cannot be compiled. */
  static async open(runtime: Runtime, program: TrainingProgram, options: OrtModelOptions): Promise<OrtCompiledModel> {
    const tracer = await Tracer.open(program);
    checkDeviceLimits(options.executionProvider, tracer.training(2).program);
    return new OrtCompiledModel(runtime, tracer, program, options);
  }

  async gradient(request: GradientRequest, parameters: Float32Array, into: Float32Array): Promise<MetricSums> {
    const { examples, chunkSizes } = request;
    invariant(into.length === this.layout.size, `the buffer has ${String(into.length)} elements`);
    const count = chunkSizes.reduce((sum, size) => sum + size, 0);
    checkExamples(this.#shape, examples, count);
    const [chunkSize] = chunkSizes;
    if (chunkSize === undefined || chunkSizes.some((size) => !(size >= 1))) {
      throw new WeftError(
        'invalid-argument',
        `chunk sizes [${chunkSizes.join(', ')}] must be one or more, each at least 1`,
      );
    }

    const feeds = this.#parameters.over(this.#checked(parameters));
    const groups = groupChunks(chunkSizes, this.#together(chunkSize));
    const total = new TreeSum<Float32Array>(chunkSizes.length, (left, right) => {
      const sum = addInPlace(left, right);
      this.#spare.push(right);
      return sum;
    });
    const loss = new TreeSum<number>(chunkSizes.length, (left, right) => left + right);
    let correct = 0;
    let first = 0;
    // What depends on parameters alone is computed once for each graph of the request.
    const prepared = new Map<CompiledSession, Feeds>();
    // The leftmost buffer is where all others end up.
    const target = into.buffer instanceof SharedArrayBuffer ? this.#takeSpare() : into;
    for (const group of groups) {
      const rows = group.sizes.reduce((sum, size) => sum + size, 0);
      const session = await this.#trainingGraph(group.sizes);
      const parameterFeeds = prepared.get(session) ?? (await session.prepare(feeds));
      prepared.set(session, parameterFeeds);
      const buffer = group.first === 0 ? target : this.#takeSpare();
      const rowFeeds = {
        ...exampleFeeds(this.#runtime, this.#shape, examples, first, rows, session.program.rows),
        ...this.#masks(session, request, group),
      };
      const metrics = await session.run(parameterFeeds, rowFeeds, this.#contributions.over(buffer));
      let row = 0;
      group.sizes.forEach((size, chunk) => {
        loss.give({ level: 0, index: group.first + chunk }, sumOf(metrics[names.loss], row, row + size));
        correct += sumOf(metrics[names.correct], row, row + size);
        row += size;
      });
      total.give(group.node, buffer);
      first += rows;
    }
    invariant(total.root === target, 'contributions end up in the leftmost buffer');
    if (target !== into) {
      into.set(target);
      this.#spare.push(target);
    }
    return { loss: loss.root, correct };
  }

  async evaluate(request: EvaluationRequest, parameters: Float32Array): Promise<EvaluationSums> {
    const { targets } = request.examples;
    checkExamples(this.#shape, request.examples, request.count);
    let loss = 0;
    let correct = 0;
    const width = sizeOf(this.#tracer.outputShape);
    let classes: ClassCounts | undefined =
      targets instanceof Int32Array ? countClasses(new Float32Array(0), new Int32Array(0), width) : undefined;
    await this.#infer(request.examples, request.count, parameters, (results, first, count) => {
      loss += sumOf(results[names.loss], 0, count);
      correct += sumOf(results[names.correct], 0, count);
      if (classes === undefined || !(targets instanceof Int32Array)) return;
      const scores = listOf(results[names.scores]).subarray(0, count * width);
      classes = addClassCounts(classes, countClasses(scores, targets.subarray(first, first + count), width));
    });
    return { loss, correct, classes };
  }

  async predict(inputs: Uint8Array | Float32Array, count: number, parameters: Float32Array): Promise<Float32Array> {
    checkInputs(this.#shape, inputs, count);
    const width = sizeOf(this.#tracer.outputShape);
    const isClass = this.#program.loss === 'categoricalCrossentropy';
    // The graph gives losses too; predictions do not depend on the targets.
    const targets = isClass ? new Int32Array(count) : new Float32Array(count * width);
    const predictions = new Float32Array(count * width);
    await this.#infer({ inputs, targets }, count, parameters, (results, first, rows) => {
      predictions.set(listOf(results[names.predictions]).subarray(0, rows * width), first * width);
    });
    return predictions;
  }

  async dispose(): Promise<void> {
    await this.#graphs.clear();
    this.#tracer.dispose();
  }

  async #infer(
    examples: ExampleBatch,
    count: number,
    parameters: Float32Array,
    take: (results: Feeds, first: number, count: number) => void,
  ): Promise<void> {
    const session = await this.#graphs.get('inference', () =>
      this.#openSession(compileInference(this.#tracer, inferenceRows, this.#options)),
    );
    const prepared = await session.prepare(this.#parameters.over(this.#checked(parameters)));
    for (let first = 0; first < count; first += inferenceRows) {
      const rows = Math.min(inferenceRows, count - first);
      const feeds = exampleFeeds(this.#runtime, this.#shape, examples, first, rows, inferenceRows);
      take(await session.run(prepared, feeds, {}), first, rows);
    }
  }

  #checked(parameters: Float32Array): Float32Array {
    invariant(parameters.length === this.layout.size, `there are ${String(parameters.length)} parameters`);
    return unshared(parameters);
  }

  #together(chunkSize: number): number {
    if (this.#options.chunksTogether !== undefined) return this.#options.chunksTogether;
    if (this.#chunksTogether?.chunkSize !== chunkSize) {
      this.#chunksTogether = { chunkSize, count: chunksPerRun(this.#tracer.training(2).program, chunkSize) };
    }
    return this.#chunksTogether.count;
  }

  async #trainingGraph(sizes: readonly number[]): Promise<CompiledSession> {
    return await this.#graphs.get(sizes.join(','), () =>
      this.#openSession(compileTraining(this.#tracer, sizes, this.#options)),
    );
  }

  #openSession(program: CompiledProgram): Promise<CompiledSession> {
    return CompiledSession.open(this.#runtime, program, this.#options.executionProvider);
  }

  #masks(session: CompiledSession, request: GradientRequest, group: ChunkGroup): Feeds {
    const { seed } = this.#program;
    const feeds: Feeds = {};
    for (const { name, ordinal, rate, shape } of session.program.masks) {
      const kept = new Uint8Array(sizeOf(shape));
      const rowLength = sizeOf(shape.slice(1));
      let offset = 0;
      group.sizes.forEach((size, index) => {
        const chunk = request.firstChunk + group.first + index;
        const key = { seed, epoch: request.epoch, step: request.step, chunk, layer: ordinal };
        fillDropoutMask(key, rate, kept.subarray(offset, offset + size * rowLength));
        offset += size * rowLength;
      });
      feeds[name] = new this.#runtime.Tensor('uint8', kept, [...shape]);
    }
    return feeds;
  }

  #takeSpare(): Float32Array {
    return this.#spare.pop() ?? new Float32Array(this.layout.size);
  }
}

/** The sum of rows [first, end), in order, in float64. */
function sumOf(tensor: Feeds[string] | undefined, first: number, end: number): number {
  let sum = 0;
  for (const value of listOf(tensor).subarray(first, end)) sum += value;
  return sum;
}

function listOf(tensor: Feeds[string] | undefined): Float32Array {
  invariant(tensor?.data instanceof Float32Array, 'an output of the graph is missing');
  return tensor.data;
}
