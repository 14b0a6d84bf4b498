/**
 * What all models of one topology, loss and encoding share, whatever their seeds: the trace, what follows from it, and the
 * programs that were compiled of it. Holds no parameters and nothing of a run.
 */
import { createHash } from 'node:crypto';
import type { ParameterLayout } from '@weft/nn-models';
import { compileInference, compileTraining, trainingRounds, type CompiledProgram } from '../compile.ts';
import type { TrainingProgram } from '../engine.ts';
import type { Shape } from '../ir/node.ts';
import { optimize } from '../passes/optimize.ts';
import { hasIndependentRows } from '../passes/row-independence.ts';
import type { Round } from '../rounds/round-plan.ts';
import { Tracer } from '../trace/tracer.ts';
import type { OrtModelOptions } from './compiled-model.ts';
import { checkDeviceLimits } from './device-limits.ts';
import { chunksPerRun } from './run-plan.ts';

/** Programs that are kept for each topology: those of a few chunk sizes, with short ends. */
const programsKept = 16;

/** Rows with which a program is traced to see where they go: a prime, so that no other axis is taken for them. */
const telling = 257;

export class TracedModel {
  readonly layout: ParameterLayout;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly rounds: readonly Round[];
  readonly #tracer: Tracer;
  readonly #options: OrtModelOptions;
  readonly #programs = new Map<string, CompiledProgram>();
  #independentRows: boolean | undefined;

  private constructor(tracer: Tracer, source: TrainingProgram, options: OrtModelOptions) {
    this.#tracer = tracer;
    this.#options = options;
    this.layout = tracer.layout;
    this.inputShape = tracer.inputShape;
    this.outputShape = tracer.outputShape;
    this.rounds = source.batchNormalization === 'sync' ? trainingRounds(tracer) : [];
  }

  /** Traces `source`. Throws a `WeftError` where it cannot be compiled. */
  static async open(source: TrainingProgram, options: OrtModelOptions): Promise<TracedModel> {
    const tracer = await Tracer.open(source);
    try {
      checkDeviceLimits(options.executionProvider, tracer.training(2).program);
      return new TracedModel(tracer, source, options);
    } catch (thrown) {
      tracer.dispose();
      throw thrown;
    }
  }

  /** Whether a chunk's sums are those of its parts, added: see `hasIndependentRows`. */
  get hasIndependentRows(): boolean {
    return (this.#independentRows ??= hasIndependentRows(optimize(this.#tracer.training(telling).program), telling));
  }

  chunksPerRun(chunkSize: number): number {
    return chunksPerRun(this.#tracer.training(2).program, chunkSize);
  }

  /** The training step over chunks of the given sizes. */
  training(chunkSizes: readonly number[]): CompiledProgram {
    // On a device the binding copies outputs to the processor, into memory of its own.
    const isSealed = this.#options.executionProvider === 'cpu';
    return this.#kept(chunkSizes.join(','), () => compileTraining(this.#tracer, chunkSizes, this.#options, isSealed));
  }

  /** The model at inference over `rows` rows. */
  inference(rows: number): CompiledProgram {
    return this.#kept(`inference ${String(rows)}`, () => compileInference(this.#tracer, rows, this.#options));
  }

  close(): void {
    this.#tracer.dispose();
    this.#programs.clear();
  }

  #kept(key: string, compile: () => CompiledProgram): CompiledProgram {
    const program = this.#programs.get(key) ?? compile();
    this.#programs.delete(key);
    this.#programs.set(key, program);
    const [oldest = key] = this.#programs.keys();
    if (this.#programs.size > programsKept) this.#programs.delete(oldest);
    return program;
  }
}

/** SHA-256 of everything in `source` that its trace depends on, hexadecimal: all but the seed. */
export function sourceDigest({ topology, loss, input, batchNormalization = 'ghost' }: TrainingProgram): string {
  return createHash('sha256')
    .update(JSON.stringify([topology, loss, input, batchNormalization]))
    .digest('hex');
}
