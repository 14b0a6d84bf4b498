/**
 * The values of parameters that can be counted, numbered from 0 in ascending order, or in the order of the choices.
 *
 * Steps are taken in decimals, as a person wrote them: the third of 0.1, 0.2, ... is 0.3 and not 0.30000000000000004.
 */
import type { Parameter, ParameterValue } from './parameter.ts';

/** How far a number may be from a step, as a part of it, to be taken for it. */
const mostOff = 1e-6;

/** How many values a parameter has: `Infinity` for a float without step, unless its range is one number. */
export function valueCount(parameter: Parameter): number {
  if (parameter.kind === 'categorical') return parameter.choices.length;
  const { low, high } = parameter;
  if (low === high) return 1;
  const step = stepOf(parameter);
  if (step === undefined) return Number.POSITIVE_INFINITY;
  // Decimals are not exact in binary, so the quotient may fall just short of the whole number that it is meant to be.
  const slack = 1e-9 + (Number.EPSILON * 2 * Math.max(Math.abs(low), Math.abs(high))) / step;
  return Math.floor((high - low) / step + slack) + 1;
}

/** The value with the number `ordinal`, in [0, valueCount). The parameter must have countable values. */
export function valueAt(parameter: Parameter, ordinal: number): ParameterValue {
  if (parameter.kind === 'categorical') return parameter.choices[ordinal] as ParameterValue; // The caller counts.
  const { low, high } = parameter;
  if (ordinal === 0) return low;
  const step = stepOf(parameter) ?? 1;
  if (parameter.kind === 'int') return low + ordinal * step;
  const decimals = Math.max(decimalsOf(low), decimalsOf(step));
  // Adding 0 turns a negative zero into the zero that everybody writes.
  return Math.min(high, Number((low + ordinal * step).toFixed(Math.min(decimals, 100))) + 0);
}

/** The number of a value, or `undefined` where the parameter has no such value or its values cannot be counted. */
export function ordinalOf(parameter: Parameter, value: ParameterValue): number | undefined {
  const ordinal = ordinalNear(parameter, value);
  return ordinal !== undefined && valueAt(parameter, ordinal) === value ? ordinal : undefined;
}

/** As `ordinalOf`, but a number may be off by a millionth of a step. Quicker, because no decimals are written down. */
export function ordinalNear(parameter: Parameter, value: ParameterValue): number | undefined {
  if (parameter.kind === 'categorical') {
    const ordinal = parameter.choices.indexOf(value);
    return ordinal < 0 ? undefined : ordinal;
  }
  const count = valueCount(parameter);
  if (typeof value !== 'number' || count === Number.POSITIVE_INFINITY) return undefined;
  const step = stepOf(parameter) ?? 1;
  const steps = (value - parameter.low) / step;
  const ordinal = Math.round(steps);
  return ordinal >= 0 && ordinal < count && Math.abs(steps - ordinal) <= mostOff ? ordinal : undefined;
}

/** Whether the parameter can have the value, where it counts. */
export function hasValue(parameter: Parameter, value: ParameterValue): boolean {
  if (valueCount(parameter) !== Number.POSITIVE_INFINITY) return ordinalOf(parameter, value) !== undefined;
  if (parameter.kind === 'categorical' || typeof value !== 'number') return false;
  return value >= parameter.low && value <= parameter.high;
}

function stepOf(parameter: Exclude<Parameter, { kind: 'categorical' }>): number | undefined {
  return parameter.step ?? (parameter.kind === 'int' ? 1 : undefined);
}

/** Decimal places of the shortest text of a number: 2 of 0.25, 7 of 1e-7. */
function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}
