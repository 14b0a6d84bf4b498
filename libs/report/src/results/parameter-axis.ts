/** How a parameter is laid out along an axis. */
import type { Parameter, ParameterValue } from '@weft/tuning';
import { valueText } from './figure-text.ts';

/** Numbers, evenly or by their logarithm; or names, in the order of their choices. */
export type ParameterAxis =
  | { readonly kind: 'number'; readonly logarithmic: boolean }
  | { readonly kind: 'category'; readonly names: readonly string[] };

/** From this ratio of the largest to the smallest value on, numbers are laid out by their logarithm. */
const wideRatio = 10;

/** Choices that are all numbers count as numbers. */
export function parameterAxis(parameter: Parameter): ParameterAxis {
  if (parameter.kind === 'categorical') {
    const numbers = parameter.choices.filter((choice) => typeof choice === 'number');
    if (numbers.length < parameter.choices.length) return { kind: 'category', names: parameter.choices.map(valueText) };
    return { kind: 'number', logarithmic: isWide(Math.min(...numbers), Math.max(...numbers)) };
  }
  return { kind: 'number', logarithmic: parameter.log || isWide(parameter.low, parameter.high) };
}

/** Where `value` stands on `axis`; undefined where it does not count, or has no place there. */
export function positionOn(axis: ParameterAxis, value: ParameterValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (axis.kind === 'number') return typeof value === 'number' ? value : undefined;
  const at = axis.names.indexOf(valueText(value));
  return at < 0 ? undefined : at;
}

/** Whether numbers from `low` to `high` are better laid out by their logarithm. */
export function isWide(low: number, high: number): boolean {
  return low > 0 && high / low >= wideRatio;
}
