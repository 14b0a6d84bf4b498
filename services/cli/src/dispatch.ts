/** From the words after `weft` to an exit code. */
import { describeError, nearestName, WeftError } from '@weft/core';
import { entry } from '@weft/options';
import { exitCodeOf } from '@weft/wire';
import { commands, serviceSummaries } from './commands/catalogue.ts';
import type { Command } from './command.ts';
import type { CommandContext } from './context.ts';
import { errorLine } from './output/json-reporter.ts';
import { isServiceName } from './service-entries.ts';

/** Runs the command that `argv` names. Never throws: what went wrong is printed, and its exit code comes back. */
export async function dispatch(argv: readonly string[], version: string, context: CommandContext): Promise<number> {
  try {
    return await chosen(argv, version, context);
  } catch (thrown) {
    const code = thrown instanceof WeftError ? thrown.code : 'internal';
    const exitCode = exitCodeOf(thrown);
    if (argv.includes('--json')) context.output.write(errorLine(code, describeError(thrown), exitCode));
    context.errorOutput.write(errorText(thrown, argv.includes('--verbose')));
    return exitCode;
  }
}

/** What is printed of an error. A `WeftError` says what to do; anything else is a bug of ours and says so. */
export function errorText(thrown: unknown, verbose: boolean): string {
  const stack = thrown instanceof Error && thrown.stack !== undefined ? `${thrown.stack}\n` : '';
  if (verbose && stack !== '') return `error: ${stack}`;
  if (thrown instanceof WeftError) return `error: ${describeError(thrown)}\n`;
  return `error: ${describeError(thrown)}\nThis is a bug of Weft; --verbose shows where it happened.\n`;
}

async function chosen(argv: readonly string[], version: string, context: CommandContext): Promise<number> {
  const [word, ...rest] = argv;
  const { output } = context;
  if (word === '--version' || word === 'version') {
    output.write(`weft ${version}\n`);
    return 0;
  }
  if (word === undefined || word === '--help' || word === '-h' || (word === 'help' && rest.length === 0)) {
    output.write(overview());
    return 0;
  }
  const words = word === 'help' ? rest : argv;
  const { command, left } = commandOf(words);
  return command.execute(word === 'help' ? ['--help'] : left, context);
}

/** The command that the first two words name, or the first one, and the words after it. */
function commandOf(words: readonly string[]): { readonly command: Command; readonly left: readonly string[] } {
  const [word = '', second = ''] = words;
  const both = commands.get(`${word} ${second}`);
  if (both !== undefined) return { command: both, left: words.slice(2) };
  const command = commands.get(word);
  const parts = [...commands.keys()]
    .filter((key) => key.startsWith(`${word} `))
    .map((key) => key.slice(word.length + 1));
  // What could be a file or an option is none of the command's parts, however much it looks like one.
  const misspelt = /^[a-z]+$/.test(second) ? nearestName(second, parts) : undefined;
  if (command !== undefined && misspelt === undefined) return { command, left: words.slice(1) };
  const known = [...commands.keys(), ...Object.keys(serviceSummaries), 'help'];
  const nearest = misspelt === undefined ? nearestName(word, known) : `${word} ${misspelt}`;
  const hint = nearest === undefined ? '' : ` Did you mean \`weft ${nearest}\`?`;
  const asked = misspelt === undefined ? word : `${word} ${second}`;
  throw new WeftError('invalid-argument', `there is no command "${asked}".${hint} \`weft help\` lists them all.`);
}

/** The page of `weft help`. */
function overview(): string {
  const local = [...commands].map(([word, { specification }]) => entry(word, specification.summary, 14));
  const services = Object.entries(serviceSummaries).map(([word, summary]) => entry(word, summary, 14));
  const lines = [
    'Weft trains TensorFlow.js models on a cluster. The result of a run depends on its configuration',
    'alone: the same bytes on 1 trainer or 7.',
    ...['', 'Usage: weft COMMAND [options]', '', 'Commands:', ...local.flat()],
    ...['', 'Services:', ...services.flat(), '', '`weft help COMMAND` shows the options of a command.'],
  ];
  return `${lines.join('\n')}\n`;
}

/** The service whose own program answers these words, with the rest of the command line. */
export function serviceOf(
  argv: readonly string[],
): { readonly name: keyof typeof serviceSummaries; readonly argv: string[] } | undefined {
  const [word, ...rest] = argv;
  if (word === 'help' && isServiceName(rest[0])) return { name: rest[0], argv: ['--help'] };
  return isServiceName(word) ? { name: word, argv: rest } : undefined;
}
