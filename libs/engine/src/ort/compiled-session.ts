import type { CompiledProgram } from '../compile.ts';
import type { Runtime } from './runtime.ts';
import { Session, type Feeds, type Fetches } from './session.ts';
import type { ExecutionProvider } from './session-options.ts';

/** A compiled program with its sessions. */
export class CompiledSession {
  readonly program: CompiledProgram;
  readonly #main: Session;
  readonly #ahead: Session | undefined;

  private constructor(program: CompiledProgram, main: Session, ahead: Session | undefined) {
    this.program = program;
    this.#main = main;
    this.#ahead = ahead;
  }

  static async open(
    runtime: Runtime,
    program: CompiledProgram,
    provider: ExecutionProvider = 'cpu',
  ): Promise<CompiledSession> {
    const { ahead, main } = program;
    return new CompiledSession(
      program,
      await Session.open(runtime, main, provider),
      ahead === undefined ? undefined : await Session.open(runtime, ahead, provider),
    );
  }

  /** Computes what depends on parameters alone. The result holds until the parameters change. */
  async prepare(parameters: Feeds): Promise<Feeds> {
    if (this.#ahead === undefined) return parameters;
    const fetches: Fetches = Object.fromEntries(this.#ahead.graph.outputs.map((name) => [name, null]));
    return { ...parameters, ...(await this.#ahead.run(parameters, fetches)) };
  }

  /** Runs the program on what `prepare` gave and the feeds for rows. Results have the program's names. */
  async run(prepared: Feeds, rows: Feeds, into: Fetches): Promise<Feeds> {
    const { outputs } = this.program;
    const fetches: Fetches = {};
    for (const { name, value } of outputs) fetches[value] = into[name] ?? null;
    const results = await this.#main.run({ ...prepared, ...rows }, fetches);
    const named: Feeds = {};
    for (const { name, value } of outputs) {
      const tensor = results[value];
      if (tensor !== undefined) named[name] = tensor;
    }
    return named;
  }

  async close(): Promise<void> {
    await this.#main.close();
    await this.#ahead?.close();
  }
}
