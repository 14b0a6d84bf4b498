/** What a command may touch of the world. Made once, in `main.ts`; everything below takes it as a value. */
import type { Environment } from '@weft/options';

/** A stream of text that a person or a program reads. */
export interface Output {
  write(text: string): void;
  /** Whether a person watches, so that a line may be drawn over. */
  readonly isTerminal: boolean;
  /** Characters of a line, as of now. */
  readonly columns: number;
}

/** The surroundings of one command. */
export interface CommandContext {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
  /** Results go here, and nothing else where a program reads them. */
  readonly output: Output;
  /** Problems, warnings and remarks go here. */
  readonly errorOutput: Output;
  /** Aborts at the first Ctrl-C or SIGTERM: stop in good order. The reason is the signal's name. */
  readonly stop: AbortSignal;
  /** Aborts at the second one: end at once. */
  readonly kill: AbortSignal;
  /** A clock for intervals, in milliseconds. */
  readonly nowMs: () => number;
}
