/** A command of `weft`: a specification that reads its command line, and what it does with the values. */
import { asksForHelp, parseOptions, renderHelp, type CommandSpecification, type ValuesOf } from '@weft/options';
import { exitCodeOf } from '@weft/wire';
import { WeftError } from '@weft/core';
import type { CommandContext } from './context.ts';

/** One command, whatever its options. */
export interface Command {
  readonly specification: CommandSpecification;
  /** Runs it with the rest of the command line; the exit code comes back. Throws what stopped it. */
  execute(argv: readonly string[], context: CommandContext): Promise<number>;
}

/** What a command's function gets beside its values. */
export interface Invocation {
  readonly context: CommandContext;
  /** Names of the settings that were given, not left at their defaults. */
  readonly given: ReadonlySet<string>;
}

/** Ties a specification to the function that does the work. */
export function command<const S extends CommandSpecification>(
  specification: S,
  run: (values: ValuesOf<S>, invocation: Invocation) => Promise<number>,
): Command {
  return {
    specification,
    execute: async (argv, context) => {
      if (asksForHelp(argv)) {
        context.output.write(`${renderHelp(specification)}\n`);
        return 0;
      }
      const parsed = parseOptions(specification, argv, context.environment);
      for (const warning of parsed.warnings) context.errorOutput.write(`warning: ${warning}\n`);
      if (parsed.ok) return run(parsed.values, { context, given: parsed.given });
      const verb = specification.name.split(' ').slice(1).join(' ');
      const problems = parsed.problems.map((problem) => `  ${problem}\n`).join('');
      context.errorOutput.write(`${specification.name} cannot run:\n${problems}See \`weft help ${verb}\`.\n`);
      return exitCodeOf(new WeftError('invalid-argument', ''));
    },
  };
}
