import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CompiledGraph } from '../compile.ts';
import type { Runtime } from './runtime.ts';

/** Values by name; a fetch of null is allocated by the runtime. */
export type Feeds = Record<string, Tensor>;
export type Fetches = Record<string, Tensor | null>;

/**
 * One graph ready to run on one thread, in the order of its nodes.
 *
 * The runtime's own graph optimizations are off: the compiler has decided on fusion and layout, and a decision of the
 * runtime's could depend on its version or on the processor.
 */
export class Session {
  readonly graph: CompiledGraph;
  readonly #session: InferenceSession;

  private constructor(graph: CompiledGraph, session: InferenceSession) {
    this.graph = graph;
    this.#session = session;
  }

  static async open(runtime: Runtime, graph: CompiledGraph): Promise<Session> {
    const session = await runtime.InferenceSession.create(graph.model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'disabled',
      enableCpuMemArena: true,
      enableMemPattern: true,
      logSeverityLevel: 3,
    });
    return new Session(graph, session);
  }

  /** Runs the graph. Feeds that the graph does not take are left out. Blocks the event loop while it runs. */
  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, Tensor>>> {
    const taken: Feeds = {};
    for (const name of this.graph.inputs) {
      const tensor = feeds[name];
      if (tensor !== undefined) taken[name] = tensor;
    }
    return await this.#session.run(taken, fetches);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
