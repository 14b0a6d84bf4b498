/** The help page of a command, from the specification that also reads its command line. */
import type { Option } from './option.ts';
import { flagOf, type CommandSpecification, type Options } from './specification.ts';
import { plainTextRule } from './text-option.ts';

const pageWidth = 100;
const widestTerm = 30;

/** The whole page, without a line break at its end. Lines are at most 100 characters where words allow it. */
export function renderHelp(specification: CommandSpecification): string {
  const { options, operands = {} } = specification;
  const lines = [specification.summary, '', `Usage: ${usage(specification)}`];
  if (Object.keys(operands).length > 0) {
    lines.push('', 'Arguments:');
    for (const option of Object.values(operands)) lines.push(...entry(option.placeholder, describe(option)));
  }
  for (const [section, members] of bySection(options)) {
    lines.push('', `${section}:`);
    for (const [key, option] of members) lines.push(...entry(term(key, option), describe(option)));
  }
  for (const note of specification.notes ?? []) lines.push('', ...wrap(note, pageWidth));
  if (specification.examples !== undefined && specification.examples.length > 0) {
    lines.push('', 'Examples:', ...specification.examples.map((example) => `  ${example}`));
  }
  return lines.join('\n');
}

/** Two columns: the term, and its text wrapped beside it, or below it where the term is wider than `termWidth`. */
export function entry(term: string, text: string, termWidth: number = widestTerm): string[] {
  const indent = ' '.repeat(termWidth + 4);
  const [first = '', ...rest] = wrap(text, pageWidth - indent.length);
  const head = `  ${term}`;
  const lines = term.length > termWidth ? [head, indent + first] : [head.padEnd(indent.length) + first];
  return [...lines, ...rest.map((line) => indent + line)].map((line) => line.trimEnd());
}

function usage(specification: CommandSpecification): string {
  const parts = [specification.name];
  if (Object.keys(specification.options).length > 0) parts.push('[options]');
  for (const option of Object.values(specification.operands ?? {})) {
    const name = option.form === 'list' ? `${option.placeholder}...` : option.placeholder;
    parts.push(option.required ? name : `[${name}]`);
  }
  return parts.join(' ');
}

function term(key: string, option: Option<unknown>): string {
  const alias = option.alias === undefined ? '' : `-${option.alias}, `;
  if (option.form !== 'flag') return `${alias}${flagOf(key)} ${option.placeholder}`;
  return option.fallback === true ? flagOf(key).replace('--', '--[no-]') : `${alias}${flagOf(key)}`;
}

function describe(option: Option<unknown>): string {
  const remarks: string[] = [];
  if (option.form !== 'flag' && !isObvious(option)) remarks.push(option.rule);
  if (option.required) remarks.push('required');
  else if (option.fallback !== undefined && option.fallback !== false) {
    const shown = option.show(option.fallback);
    if (shown !== '') remarks.push(`default ${shown}`);
  }
  if (option.environment !== undefined) remarks.push(option.environment);
  return remarks.length === 0 ? option.summary : `${option.summary} (${remarks.join('; ')})`;
}

/** Whether the placeholder says as much as the rule. */
function isObvious({ rule, placeholder }: Option<unknown>): boolean {
  return rule === plainTextRule || rule.startsWith(placeholder);
}

function bySection(options: Options): Map<string, [string, Option<unknown>][]> {
  const sections = new Map<string, [string, Option<unknown>][]>();
  for (const [key, option] of Object.entries(options)) {
    const members = sections.get(option.section) ?? [];
    members.push([key, option]);
    sections.set(option.section, members);
  }
  return sections;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
