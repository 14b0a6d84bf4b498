import { invariant } from '@weft/core';
import type { CompiledProgram } from '../compile.ts';
import { sameShape, type Shape } from '../ir/node.ts';
import type { Feeds, Fetches, Session } from './session.ts';

/** A segment of a program with what is known of it before it runs. */
export interface Segment {
  readonly session: Session;
  readonly results: readonly SegmentResult[];
  /** The program's outputs among the results. */
  readonly outputs: ReadonlySet<string>;
  /** What later segments take. */
  readonly later: ReadonlySet<string>;
}

interface SegmentResult {
  /** The graph's name for it. */
  readonly value: string;
  /** As an output of the program; a value that only later segments take has none. */
  readonly output: { readonly name: string; readonly shape: Shape } | undefined;
}

/** The segments of `program`, which `sessions` run. */
export function segmentsOf(program: CompiledProgram, sessions: readonly Session[]): Segment[] {
  const outputs = new Map(program.outputs.map(({ name, value, shape }) => [value, { name, shape }]));
  return sessions.map((session, index) => {
    const results = session.graph.outputs.map((value) => ({ value, output: outputs.get(value) }));
    return {
      session,
      results,
      outputs: new Set(results.flatMap(({ output }) => output?.name ?? [])),
      later: new Set(sessions.slice(index + 1).flatMap(({ graph }) => graph.inputs)),
    };
  });
}

/** One run of a program: its segments one after the other, and between them the values that later ones need, and no others. */
export class ProgramRun {
  readonly #segments: readonly Segment[];
  #held: Feeds;
  #next = 0;

  constructor(segments: readonly Segment[], feeds: Feeds) {
    this.#segments = segments;
    this.#held = feeds;
  }

  /** The program's outputs that the next segment gives; the same set in each run of the program. */
  get upcoming(): ReadonlySet<string> {
    return this.#upcomingSegment().outputs;
  }

  /** Runs the next segment, which sees `feeds` too. Its outputs have the program's names; those named in `into` go there. */
  async advance(feeds: Feeds, into: Fetches): Promise<Feeds> {
    const { session, results, later } = this.#upcomingSegment();
    this.#next++;
    Object.assign(this.#held, feeds);
    const fetches: Fetches = {};
    for (const { value, output } of results) {
      const target = output === undefined ? undefined : into[output.name];
      fetches[value] = target === undefined || target === null ? null : shaped(target, output?.shape);
    }
    const given = await session.run(this.#held, fetches);
    const held: Feeds = {};
    const named: Feeds = {};
    for (const name of later) {
      const tensor = given[name] ?? this.#held[name];
      if (tensor !== undefined) held[name] = tensor;
    }
    for (const { value, output } of results) {
      const tensor = given[value];
      if (output !== undefined && tensor !== undefined) named[output.name] = tensor;
    }
    this.#held = held;
    return named;
  }

  #upcomingSegment(): Segment {
    const segment = this.#segments[this.#next];
    invariant(segment !== undefined, 'a program was run beyond its last segment');
    return segment;
  }
}

/** The same memory in the shape that the graph gives. */
function shaped(tensor: Feeds[string], shape: Shape | undefined): Feeds[string] {
  return shape === undefined || sameShape(tensor.dims, shape) ? tensor : tensor.reshape(shape);
}
