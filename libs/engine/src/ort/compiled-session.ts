import type { CompiledProgram } from '../compile.ts';
import { ProgramRun, segmentsOf, type Segment } from './program-run.ts';
import type { Runtime } from './runtime.ts';
import { Session, type Feeds, type Fetches } from './session.ts';
import type { ExecutionProvider } from './session-options.ts';

/** A compiled program with its sessions. */
export class CompiledSession {
  readonly program: CompiledProgram;
  readonly #segments: readonly Segment[];
  readonly #ahead: Session | undefined;

  private constructor(program: CompiledProgram, segments: readonly Session[], ahead: Session | undefined) {
    this.program = program;
    this.#segments = segmentsOf(program, segments);
    this.#ahead = ahead;
  }

  static async open(
    runtime: Runtime,
    program: CompiledProgram,
    provider: ExecutionProvider = 'cpu',
  ): Promise<CompiledSession> {
    const segments: Session[] = [];
    for (const segment of program.segments) segments.push(await Session.open(runtime, segment, provider));
    const { ahead } = program;
    return new CompiledSession(
      program,
      segments,
      ahead === undefined ? undefined : await Session.open(runtime, ahead, provider),
    );
  }

  /** Computes what depends on parameters alone. The result holds until the parameters change. */
  async prepare(parameters: Feeds): Promise<Feeds> {
    if (this.#ahead === undefined) return parameters;
    const fetches: Fetches = Object.fromEntries(this.#ahead.graph.outputs.map((name) => [name, null]));
    return { ...parameters, ...(await this.#ahead.run(parameters, fetches)) };
  }

  /** Begins a run of the program on what `prepare` gave and the feeds for rows. */
  begin(prepared: Feeds, rows: Feeds): ProgramRun {
    return new ProgramRun(this.#segments, { ...prepared, ...rows });
  }

  /** Runs a program without rounds. Results have the program's names. */
  async run(prepared: Feeds, rows: Feeds, into: Fetches): Promise<Feeds> {
    return await this.begin(prepared, rows).advance({}, into);
  }

  async close(): Promise<void> {
    for (const { session } of this.#segments) await session.close();
    await this.#ahead?.close();
  }
}
