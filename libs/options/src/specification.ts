/** A command as data: its options, its operands and the words of its help page. */
import type { Option } from './option.ts';

/** Settings by name in camel case: `chunkSize` is `--chunk-size` on the command line. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** What a command takes; `parseOptions` and `renderHelp` read the same one. */
export interface CommandSpecification<O extends Options = Options, P extends Options = Options> {
  /** As typed: `weft train`. */
  readonly name: string;
  /** One line: what the command does. */
  readonly summary: string;
  readonly options: O;
  /** Values without a name, in order; only the last may be a list. They share the names of the result with the options. */
  readonly operands?: P;
  /** Paragraphs below the options. */
  readonly notes?: readonly string[];
  /** Command lines to learn from. */
  readonly examples?: readonly string[];
}

/** The values that a command's options and operands have once parsed. */
export type ValuesOf<S extends CommandSpecification> = ValuesOfOptions<S['options']> &
  (S extends { readonly operands: infer P extends Options } ? ValuesOfOptions<P> : unknown);

type ValuesOfOptions<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** `chunkSize` as one types it: `--chunk-size`. */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
