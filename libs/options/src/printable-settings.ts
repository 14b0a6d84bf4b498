import { flagOf, type CommandSpecification, type ValuesOf } from './specification.ts';

/**
 * The settings that a process starts with, each as one would type it, by flag name without dashes, in the order of the
 * specification. A secret that is set reads `***`; a setting without a value is left out.
 */
export function printableSettings<S extends CommandSpecification>(
  specification: S,
  values: ValuesOf<S>,
): Record<string, string> {
  const printable: Record<string, string> = {};
  const byKey: Readonly<Record<string, unknown>> = values;
  for (const [key, option] of Object.entries(specification.options)) {
    const value = byKey[key];
    if (value !== undefined) printable[flagOf(key).slice(2)] = option.secret ? '***' : option.show(value);
  }
  return printable;
}
