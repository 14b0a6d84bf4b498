import { nearestName, WeftError } from '@weft/core';
import { optionRules } from './option-rules.ts';
import { optimizerDefaults, optimizerNames } from './optimizer-defaults.ts';
import type { OptimizerName, OptimizerSpec } from './optimizer-spec.ts';

/** A value as typed on a command line becomes the number or the flag that it spells; anything else stays. */
function read(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return value.trim() === '' ? value : Number(value);
}

function suggestion(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(optimizerDefaults, name);
}

/**
 * The spec of the optimizer `name`: its defaults with `overrides`, whose values may also be text as typed by a person.
 *
 * Throws `invalid-argument` that lists all problems together: an unknown name or option with the nearest one that exists, a
 * value that breaks its rule, Nesterov without momentum.
 */
export function parseOptimizer(name: string, overrides: Readonly<Record<string, unknown>> = {}): OptimizerSpec {
  if (!isOptimizerName(name)) {
    throw new WeftError(
      'invalid-argument',
      `optimizer "${name}" is unknown${suggestion(name, optimizerNames)}: choose one of ${optimizerNames.join(', ')}`,
    );
  }
  const spec: Record<string, unknown> = { ...optimizerDefaults[name] };
  const options = Object.keys(spec).filter((key) => key !== 'name');
  const problems: string[] = [];
  for (const [option, given] of Object.entries(overrides)) {
    const rule = options.includes(option) ? optionRules[option] : undefined;
    const value = read(given);
    if (rule === undefined) {
      problems.push(`${name} has no option "${option}"${suggestion(option, options)}; it has ${options.join(', ')}`);
    } else if (!rule.accepts(value)) {
      problems.push(`${name}: ${option} is ${String(given)}, but must be ${rule.rule}`);
    } else {
      spec[option] = value;
    }
  }
  if (spec.nesterov === true && spec.momentum === 0) {
    problems.push(`${name}: nesterov needs a momentum greater than 0`);
  }
  if (problems.length > 0) throw new WeftError('invalid-argument', problems.join('\n'));
  // Every key comes from the defaults of this name and every value has passed its option's rule.
  return spec as unknown as OptimizerSpec;
}
