import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CompiledGraph } from '../compile.ts';
import type { Runtime } from './runtime.ts';
import { runSealed } from './sealed-run.ts';
import { sessionOptions, type ExecutionProvider } from './session-options.ts';

/** Values by name; a fetch of null is allocated by the runtime. */
export type Feeds = Record<string, Tensor>;
export type Fetches = Record<string, Tensor | null>;

/** A graph; on a device, with the nodes that stay on the processor. */
type SessionGraph = Pick<CompiledGraph, 'model' | 'inputs' | 'outputs'> &
  Partial<Pick<CompiledGraph, 'processorNodes' | 'seal'>>;

/** One graph ready to run on one thread, in the order of its nodes. */
export class Session {
  readonly graph: SessionGraph;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, graph: SessionGraph, session: InferenceSession) {
    this.graph = graph;
    this.#runtime = runtime;
    this.#session = session;
  }

  static async open(runtime: Runtime, graph: SessionGraph, provider: ExecutionProvider = 'cpu'): Promise<Session> {
    return new Session(
      runtime,
      graph,
      await runtime.InferenceSession.create(graph.model, sessionOptions(provider, graph.processorNodes)),
    );
  }

  /** Runs the graph. Feeds that the graph does not take are left out. Blocks the event loop while it runs. */
  async run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, Tensor>>> {
    const taken: Feeds = {};
    for (const name of this.graph.inputs) {
      const tensor = feeds[name];
      if (tensor !== undefined) taken[name] = tensor;
    }
    const { seal } = this.graph;
    if (seal !== undefined) return await runSealed(this.#runtime, this.#session, seal, taken, fetches);
    return await this.#session.run(taken, fetches);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
