/** Cuts a command line into named texts and operands. Knows which names exist and which take a text, not what texts mean. */
import { nearestName } from '@weft/core';
import { flagOf, type Options } from './specification.ts';

/** One option as it was given. */
export interface Occurrence {
  /** Key of the option in the specification. */
  readonly key: string;
  /** The name as typed, for messages. */
  readonly name: string;
  readonly text: string;
}

/** A command line in its parts, in the order in which they were given. */
export interface Tokens {
  readonly occurrences: readonly Occurrence[];
  readonly operands: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Reads `--name value`, `--name=value`, `-n value`, `--flag`, `--no-flag`, operands, and `--` before the operands that begin
 * with a dash. A negative number is a value or an operand, never a name.
 */
export function tokenize(options: Options, argv: readonly string[]): Tokens {
  const names = namesOf(options);
  const occurrences: Occurrence[] = [];
  const operands: string[] = [];
  const problems: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const token = argv[at] ?? '';
    if (token === '--') {
      operands.push(...argv.slice(at + 1));
      break;
    }
    if (!isName(token)) {
      operands.push(token);
      continue;
    }
    const equals = token.indexOf('=');
    const name = equals < 0 ? token : token.slice(0, equals);
    const known = names.get(name);
    const next = argv[at + 1];
    const attached = equals < 0 ? undefined : token.slice(equals + 1);
    if (known === undefined) {
      const nearest = nearestName(name, [...names.keys()]);
      problems.push(`${name}: there is no such option${nearest === undefined ? '' : `; did you mean ${nearest}?`}`);
      // What follows an unknown name is most likely its value: it is no operand that the command asked for.
      if (attached === undefined && next !== undefined && !isName(next)) at++;
    } else if (known.flagValue !== undefined) {
      if (attached !== undefined && !known.flagValue) problems.push(`${name}: takes no value, got "${attached}"`);
      else occurrences.push({ key: known.key, name, text: attached ?? String(known.flagValue) });
    } else if (attached !== undefined) {
      occurrences.push({ key: known.key, name, text: attached });
    } else if (next !== undefined && !isName(next)) {
      occurrences.push({ key: known.key, name, text: next });
      at++;
    } else {
      problems.push(`${name}: the value is missing; give ${options[known.key]?.rule ?? 'one'}`);
    }
  }
  return { occurrences, operands, problems };
}

interface KnownName {
  readonly key: string;
  /** What the name alone says, where it takes no text. */
  readonly flagValue: boolean | undefined;
}

function namesOf(options: Options): ReadonlyMap<string, KnownName> {
  const names = new Map<string, KnownName>();
  for (const [key, option] of Object.entries(options)) {
    const isFlag = option.form === 'flag';
    const plain = { key, flagValue: isFlag ? true : undefined };
    names.set(flagOf(key), plain);
    if (isFlag) names.set(flagOf(key).replace('--', '--no-'), { key, flagValue: false });
    if (option.alias !== undefined) names.set(`-${option.alias}`, plain);
  }
  return names;
}

function isName(token: string): boolean {
  return token.startsWith('-') && token !== '-' && token !== '--' && !/^-[\d.]/.test(token);
}
