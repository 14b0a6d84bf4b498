/**
 * The compiler from end to end: a traced program, through the passes and the lowering, to the bytes of ONNX models with
 * what their inputs and outputs mean. It decides nothing about when graphs are made or run.
 */
import { invariant } from '@weft/core';
import type { Shape } from './ir/node.ts';
import { encodeModel } from './onnx/encode.ts';
import type { Graph } from './onnx/graph.ts';
import { partition } from './onnx/partition.ts';
import { processorNodes } from './onnx/processor-nodes.ts';
import { lower, type LoweredOutput } from './lower/lower.ts';
import type { LoweringOptions } from './lower/lowering.ts';
import { cutByChunk, rowsOfChunks, type OutputKind } from './passes/cut-by-chunk.ts';
import { foldConstants } from './passes/fold-constants.ts';
import { optimize } from './passes/optimize.ts';
import { shareSubexpressions } from './passes/share-subexpressions.ts';
import { planRounds, segmentInputs, type Round, type RoundPlan } from './rounds/round-plan.ts';
import { cutIntoSegments } from './rounds/segments.ts';
import type { MaskInput } from './trace/layers.ts';
import { names, type TracedProgram, type Tracer } from './trace/tracer.ts';

/** What a sealed graph gives; `ort/sealed-run.ts` says what for. */
export interface Seal {
  /** The empty sequence that is its first output. */
  readonly name: string;
  /** Of the other outputs, which are float32. */
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** An ONNX model with the names that it takes and gives. */
export interface CompiledGraph {
  readonly model: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Where outputs are not handed out, but written to memory that is given for them. */
  readonly seal: Seal | undefined;
  /** Names of nodes that run on the processor even where a device runs the graph. */
  readonly processorNodes: readonly string[];
}

/** A program as graphs. */
export interface CompiledProgram {
  /** Rows that the graph runs over: those of the examples, and padding where there are fewer than two. */
  readonly rows: number;
  readonly masks: readonly MaskInput[];
  /** What depends on parameters alone, to be run when they change; its outputs are inputs of the segments, by name. */
  readonly ahead: CompiledGraph | undefined;
  /**
   * Run one after the other: what one gives, later ones take by its name. Between two of them lies a round, whose sums over
   * the step are inputs of those that follow.
   */
  readonly segments: readonly CompiledGraph[];
  readonly rounds: readonly Round[];
  /** The program's outputs, with the names under which the segments give them. */
  readonly outputs: readonly LoweredOutput[];
}

/**
 * Compiles the training step over chunks of the given sizes. Where `isSealed`, graphs whose outputs nothing but the caller reads are
 * sealed.
 */
export function compileTraining(
  tracer: Tracer,
  chunkSizes: readonly number[],
  options: LoweringOptions,
  isSealed: boolean,
): CompiledProgram {
  const traced = tracer.training(rowsOfChunks(chunkSizes));
  const stateNames = new Set(
    tracer.layout.entries.flatMap((entry, index) => (entry.trainable ? [] : [names.contribution(index)])),
  );
  const kindOf = (name: string): OutputKind => {
    if (name === names.loss || name === names.correct) return 'rows';
    return stateNames.has(name) ? 'weightedSum' : 'sum';
  };
  const cut = cutByChunk(optimize(traced.program), chunkSizes, kindOf);
  return emit(traced, planRounds(shareSubexpressions(foldConstants(cut)), traced.stepSums), options, isSealed);
}

/** The rounds of the training step: the same, whatever the chunks. */
export function trainingRounds(tracer: Tracer): readonly Round[] {
  const { program, stepSums } = tracer.training(rowsOfChunks([1]));
  return planRounds(optimize(program), stepSums).rounds;
}

/** Compiles the model at inference over `rows` rows. */
export function compileInference(tracer: Tracer, rows: number, options: LoweringOptions): CompiledProgram {
  const traced = tracer.inference(rows);
  return emit(traced, { program: optimize(traced.program), rounds: [] }, options, false);
}

function emit(
  { rows, masks }: TracedProgram,
  plan: RoundPlan,
  options: LoweringOptions,
  isSealed: boolean,
): CompiledProgram {
  const { rounds } = plan;
  const { graph, outputs } = lower(plan.program, options);
  const { ahead, rest } = partition(graph, (input) => input.name.startsWith(names.parameterPrefix));
  const segments = cutIntoSegments(rest, rounds.length + 1, segmentInputs(plan));
  const early = ahead === undefined ? undefined : encoded(ahead);
  // Of several segments, later ones read what earlier ones give.
  const seal = isSealed && segments.length === 1 ? 'seal' : undefined;
  return { rows, masks, ahead: early, segments: segments.map((each) => encoded(each, seal)), rounds, outputs };
}

function encoded(graph: Graph, seal?: string): CompiledGraph {
  return {
    model: encodeModel(seal === undefined ? graph : { ...graph, seal }),
    inputs: graph.inputs.map((input) => input.name),
    outputs: graph.outputs.map((output) => output.name),
    seal: seal === undefined ? undefined : { name: seal, shapes: shapesOf(graph) },
    processorNodes: processorNodes(graph),
  };
}

function shapesOf({ outputs }: Graph): Map<string, Shape> {
  return new Map(
    outputs.map(({ name, shape }) => {
      invariant(shape !== undefined, `the shape of output ${name} is known`);
      return [name, shape];
    }),
  );
}
