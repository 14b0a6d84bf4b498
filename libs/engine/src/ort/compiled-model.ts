/**
 * A model on ONNX Runtime: the compiled-model port over graphs that are made for the chunk sizes that come, and kept.
 *
 * Memory is bounded whatever the size of a request and of its chunks: chunks run in groups, large ones in pieces, whose
 * contributions are added along the tree.
 */
import { addClassCounts, invariant, WeftError, type ClassCounts } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';
import type { CompiledProgram } from '../compile.ts';
import type {
  CompiledModel,
  EvaluationRequest,
  EvaluationSums,
  ExampleBatch,
  GradientRequest,
  MetricSums,
  RoundExchange,
  TrainingProgram,
} from '../engine.ts';
import { sizeOf } from '../ir/node.ts';
import type { LoweringOptions } from '../lower/lowering.ts';
import { fillDropoutMask } from '../masks/dropout-mask.ts';
import { countClasses } from '../metrics/count-classes.ts';
import { names } from '../trace/tracer.ts';
import { CompiledSession } from './compiled-session.ts';
import { checkExamples, checkInputs, exampleFeeds, type ExampleShape } from './example-feeds.ts';
import { GraphCache } from './graph-cache.ts';
import { FlatTensors, unshared } from './flat-tensors.ts';
import { cutChunks, groupChunks, largestPiece, type ChunkGroup } from './run-plan.ts';
import type { Runtime } from './runtime.ts';
import type { Feeds } from './session.ts';
import type { ExecutionProvider } from './session-options.ts';
import type { Shared } from './shared-cache.ts';
import { rangesOf, sumOfRows, sumSubtree, valuesOf, type Range, type SubtreeParts } from './subtree-gradient.ts';
import type { TracedModel } from './traced-model.ts';

/** What can be chosen about a compiled model; none of it changes a result, but `blockSize` and the provider change bits. */
export interface OrtModelOptions extends LoweringOptions {
  /** Where graphs run. */
  readonly executionProvider: ExecutionProvider;
  /** Chunks that run together, a power of two; chosen by the model where absent. */
  readonly chunksTogether?: number;
  /** Rows of the largest chunk that is not cut into pieces; `largestPiece` where absent. Changes bits. */
  readonly largestPiece?: number;
}

/** Graphs that are kept for each model. */
const graphsKept = 8;

/** Rows of an inference graph. Fixed, so that a row's result cannot depend on how many were asked for. */
const inferenceRows = 128;

export class OrtCompiledModel implements CompiledModel {
  readonly layout: ParameterLayout;
  readonly rounds: readonly number[];
  readonly #runtime: Runtime;
  readonly #traced: TracedModel;
  readonly #release: () => void;
  readonly #program: TrainingProgram;
  readonly #options: OrtModelOptions;
  readonly #shape: ExampleShape;
  readonly #graphs = new GraphCache<CompiledSession>(graphsKept);
  readonly #parameters: FlatTensors;
  readonly #contributions: FlatTensors;
  readonly #ranges = new WeakMap<ReadonlySet<string>, readonly Range[]>();
  readonly #spare: Float32Array[] = [];
  #chunksTogether: { readonly chunkSize: number; readonly count: number } | undefined;

  /** Releases `traced`, which is of `program`, when it is disposed of. */
  constructor(runtime: Runtime, traced: Shared<TracedModel>, program: TrainingProgram, options: OrtModelOptions) {
    const { layout, rounds, inputShape, outputShape } = traced.value;
    this.#runtime = runtime;
    this.#traced = traced.value;
    this.#release = traced.release;
    this.#program = program;
    this.#options = options;
    this.layout = layout;
    this.rounds = rounds.map(({ length }) => length);
    this.#shape = { program, inputShape, outputShape };
    this.#parameters = new FlatTensors(runtime, layout, names.parameter);
    this.#contributions = new FlatTensors(runtime, layout, names.contribution);
  }

  async gradient(
    request: GradientRequest,
    parameters: Float32Array,
    into: Float32Array,
    exchange?: RoundExchange,
  ): Promise<MetricSums> {
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
    // What depends on parameters alone is computed once for each graph of the request.
    const prepared = new Map<CompiledSession, Feeds>();
    const target = into.buffer instanceof SharedArrayBuffer ? this.#takeSpare() : into;
    const parts: SubtreeParts = {
      runtime: this.#runtime,
      rounds: this.#traced.rounds,
      groups: this.#groups(chunkSizes, chunkSize),
      exchange,
      begin: async (group, first) => {
        const rows = group.sizes.reduce((sum, size) => sum + size, 0);
        const session = await this.#trainingGraph(group.sizes);
        const parameterFeeds = prepared.get(session) ?? (await session.prepare(feeds));
        prepared.set(session, parameterFeeds);
        const rowFeeds = {
          ...exampleFeeds(this.#runtime, this.#shape, examples, first, rows, session.program.rows),
          ...this.#masks(session, request, group),
        };
        return session.begin(parameterFeeds, rowFeeds);
      },
      rangesOf: (outputs) => this.#rangesOf(outputs),
      contributionsOver: (buffer) => this.#contributions.over(buffer),
      take: () => this.#takeSpare(),
      giveBack: (buffer) => this.#spare.push(buffer),
    };
    const sums = await sumSubtree(parts, target);
    if (target !== into) {
      into.set(target);
      this.#spare.push(target);
    }
    return sums;
  }

  async evaluate(request: EvaluationRequest, parameters: Float32Array): Promise<EvaluationSums> {
    const { targets } = request.examples;
    checkExamples(this.#shape, request.examples, request.count);
    let loss = 0;
    let correct = 0;
    const width = sizeOf(this.#traced.outputShape);
    let classes: ClassCounts | undefined =
      targets instanceof Int32Array ? countClasses(new Float32Array(0), new Int32Array(0), width) : undefined;
    await this.#infer(request.examples, request.count, parameters, (results, first, count) => {
      loss += sumOfRows(results[names.loss], 0, count);
      correct += sumOfRows(results[names.correct], 0, count);
      if (classes === undefined || !(targets instanceof Int32Array)) return;
      const scores = valuesOf(results[names.scores]).subarray(0, count * width);
      classes = addClassCounts(classes, countClasses(scores, targets.subarray(first, first + count), width));
    });
    return { loss, correct, classes };
  }

  async predict(inputs: Uint8Array | Float32Array, count: number, parameters: Float32Array): Promise<Float32Array> {
    checkInputs(this.#shape, inputs, count);
    const width = sizeOf(this.#traced.outputShape);
    const isClass = this.#program.loss === 'categoricalCrossentropy';
    // The graph gives losses too; predictions do not depend on the targets.
    const targets = isClass ? new Int32Array(count) : new Float32Array(count * width);
    const predictions = new Float32Array(count * width);
    await this.#infer({ inputs, targets }, count, parameters, (results, first, rows) => {
      predictions.set(valuesOf(results[names.predictions]).subarray(0, rows * width), first * width);
    });
    return predictions;
  }

  async dispose(): Promise<void> {
    await this.#graphs.clear();
    this.#release();
  }

  async #infer(
    examples: ExampleBatch,
    count: number,
    parameters: Float32Array,
    take: (results: Feeds, first: number, count: number) => void,
  ): Promise<void> {
    const session = await this.#graphs.get('inference', () => this.#openSession(this.#traced.inference(inferenceRows)));
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

  #groups(chunkSizes: readonly number[], chunkSize: number): ChunkGroup[] {
    const most = this.#options.largestPiece ?? largestPiece;
    const isLarge = this.rounds.length === 0 && chunkSize > most;
    if (isLarge && this.#traced.hasIndependentRows) return cutChunks(chunkSizes, most);
    return groupChunks(chunkSizes, this.#together(chunkSize));
  }

  #together(chunkSize: number): number {
    if (this.#options.chunksTogether !== undefined) return this.#options.chunksTogether;
    // The calls of a step are under way together and must not close each other's graphs: so, they have two at most.
    if (this.rounds.length > 0) return 1;
    if (this.#chunksTogether?.chunkSize !== chunkSize) {
      this.#chunksTogether = { chunkSize, count: this.#traced.chunksPerRun(chunkSize) };
    }
    return this.#chunksTogether.count;
  }

  async #trainingGraph(sizes: readonly number[]): Promise<CompiledSession> {
    return await this.#graphs.get(sizes.join(','), () => this.#openSession(this.#traced.training(sizes)));
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
        const chunk = request.firstChunk + group.firstChunk + index;
        const key = { seed, epoch: request.epoch, step: request.step, chunk, layer: ordinal };
        fillDropoutMask(key, rate, kept.subarray(offset, offset + size * rowLength), group.firstRow * rowLength);
        offset += size * rowLength;
      });
      feeds[name] = new this.#runtime.Tensor('uint8', kept, [...shape]);
    }
    return feeds;
  }

  #rangesOf(outputs: ReadonlySet<string>): readonly Range[] {
    const ranges = this.#ranges.get(outputs) ?? rangesOf(this.layout, outputs);
    this.#ranges.set(outputs, ranges);
    return ranges;
  }

  #takeSpare(): Float32Array {
    return this.#spare.pop() ?? new Float32Array(this.layout.size);
  }
}
