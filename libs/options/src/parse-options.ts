/**
 * From a command line and an environment to typed values, or to everything that is wrong with them at once.
 *
 * A value comes from the command line, else from the option's environment variable, else from its default. An environment
 * variable that is set to the empty text counts as not set.
 */
import { nearestName } from '@weft/core';
import { environmentNames } from './environment-names.ts';
import type { Option } from './option.ts';
import { flagOf, type CommandSpecification, type Options, type ValuesOf } from './specification.ts';
import { tokenize } from './tokens.ts';

/** What `parseOptions` found. `warnings` are worth printing and stop nothing. */
export type ParsedOptions<S extends CommandSpecification> =
  | {
      readonly ok: true;
      readonly values: ValuesOf<S>;
      /** The settings that were given, not left at their defaults. */
      readonly given: ReadonlySet<string>;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly warnings: readonly string[] };

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `argv` (without the program and command names) and `environment` by `specification`.
 *
 * Each problem is one line: the name, the value where there is one, and the rule or the nearest valid name.
 */
export function parseOptions<S extends CommandSpecification>(
  specification: S,
  argv: readonly string[],
  environment: Environment,
): ParsedOptions<S> {
  const { options, operands = {} } = specification;
  const tokens = tokenize(options, argv);
  const problems = [...tokens.problems];
  const values: Record<string, unknown> = {};
  const given = new Set<string>();

  const settle = (key: string, option: Option<unknown>, label: string, found: readonly Found[]): void => {
    if (found.length > 0) given.add(key);
    if (option.form !== 'list' && found.length > 1) {
      const texts = found.map(({ text }) => quote(text, option)).join(' and ');
      problems.push(`${label}: given ${String(found.length)} times (${texts}); give it once`);
      return;
    }
    if (found.length === 0) {
      if (option.required) problems.push(`${label}: is required; give ${option.rule}`);
      values[key] = option.fallback;
      return;
    }
    const read = found.map(({ name, text }) => {
      const reading = option.read(text);
      if (!reading.ok) problems.push(`${name}: ${quote(text, option)} is not ${reading.rule}`);
      return reading.ok ? reading.value : undefined;
    });
    values[key] = option.form === 'list' ? read.flat() : read[0];
  };

  for (const [key, option] of Object.entries(options)) {
    const typed = tokens.occurrences.filter((occurrence) => occurrence.key === key);
    settle(key, option, flagOf(key), typed.length > 0 ? typed : fromEnvironment(option, environment));
  }
  const assigned = assignOperands(operands, tokens.operands);
  for (const [key, option] of Object.entries(operands)) {
    settle(key, option, option.placeholder, assigned.byKey.get(key) ?? []);
  }
  if (assigned.rest.length > 0) {
    const takes =
      Object.keys(operands).length === 0 ? 'no argument' : `${String(Object.keys(operands).length)} at most`;
    problems.push(`${assigned.rest.map((text) => `"${text}"`).join(', ')}: ${specification.name} takes ${takes}`);
  }

  const warnings = strangeVariables(environment);
  if (problems.length > 0) return { ok: false, problems, warnings };
  // Every key of the specification was settled above by the option that gives the value its type.
  return { ok: true, values: values as ValuesOf<S>, given, warnings };
}

/** Whether the command line asks for help instead of work: `--help` or `-h` before any `--`. */
export function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return before.includes('--help') || before.includes('-h');
}

interface Found {
  readonly name: string;
  readonly text: string;
}

function fromEnvironment(option: Option<unknown>, environment: Environment): Found[] {
  if (option.environment === undefined) return [];
  const text = environment[option.environment];
  return text === undefined || text === '' ? [] : [{ name: option.environment, text }];
}

function assignOperands(
  operands: Options,
  texts: readonly string[],
): { readonly byKey: ReadonlyMap<string, Found[]>; readonly rest: readonly string[] } {
  const rest = [...texts];
  const byKey = new Map<string, Found[]>();
  for (const [key, option] of Object.entries(operands)) {
    const taken = option.form === 'list' ? rest.splice(0) : rest.splice(0, 1);
    byKey.set(
      key,
      taken.map((text) => ({ name: option.placeholder, text })),
    );
  }
  return { byKey, rest };
}

function strangeVariables(environment: Environment): string[] {
  const known: readonly string[] = environmentNames;
  return Object.keys(environment)
    .filter((name) => name.startsWith('WEFT_') && !known.includes(name))
    .sort()
    .map((name) => {
      const nearest = nearestName(name, known);
      return `${name}: Weft reads no such variable${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
    });
}

function quote(text: string, option: Option<unknown>): string {
  return option.secret ? '(hidden)' : `"${text}"`;
}
