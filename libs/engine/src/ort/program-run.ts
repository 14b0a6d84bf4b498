import { invariant } from '@weft/core';
import type { CompiledProgram } from '../compile.ts';
import type { Feeds, Fetches, Session } from './session.ts';

/** One run of a program: its segments one after the other, and between them the values that later ones need, and no others. */
export class ProgramRun {
  readonly #segments: readonly Session[];
  /** Names of the program's outputs by the graphs' names for them. */
  readonly #outputs: ReadonlyMap<string, string>;
  #held: Feeds;
  #next = 0;

  constructor(program: CompiledProgram, segments: readonly Session[], feeds: Feeds) {
    this.#segments = segments;
    this.#outputs = new Map(program.outputs.map(({ name, value }) => [value, name]));
    this.#held = feeds;
  }

  /** The program's outputs that the next segment gives. */
  get upcoming(): ReadonlySet<string> {
    const values = this.#segments[this.#next]?.graph.outputs ?? [];
    return new Set(values.flatMap((value) => this.#outputs.get(value) ?? []));
  }

  /** Runs the next segment, which sees `feeds` too. Its outputs have the program's names; those named in `into` go there. */
  async advance(feeds: Feeds, into: Fetches): Promise<Feeds> {
    const segment = this.#segments[this.#next++];
    invariant(segment !== undefined, 'a program was run beyond its last segment');
    Object.assign(this.#held, feeds);
    const fetches: Fetches = {};
    for (const value of segment.graph.outputs) fetches[value] = into[this.#outputs.get(value) ?? ''] ?? null;
    const results = await segment.run(this.#held, fetches);
    const later = new Set(this.#segments.slice(this.#next).flatMap(({ graph }) => graph.inputs));
    const held: Feeds = {};
    const named: Feeds = {};
    for (const [name, tensor] of Object.entries(this.#held)) if (later.has(name)) held[name] = tensor;
    for (const [value, tensor] of Object.entries(results)) {
      const name = this.#outputs.get(value);
      if (name !== undefined) named[name] = tensor;
      if (later.has(value)) held[value] = tensor;
    }
    this.#held = held;
    return named;
  }
}
