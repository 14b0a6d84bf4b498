/**
 * Every parameter on [0, 1], so that samplers need one kind of coordinate: equal lengths are equal chances of a plain draw.
 *
 * A float without step is stretched over the interval, by its logarithm if it says so. Values that can be counted divide the interval
 * among them in their order: equally, or, for an integer with `log`, from log(value - 1/2) to log(value + 1/2), so that an
 * integer is as likely as the part of a logarithmic axis that rounds to it.
 */
import { ordinalNear, valueAt, valueCount } from './parameter-values.ts';
import type { Parameter, ParameterValue } from './parameter.ts';

/** Part of [0, 1]: a point (`low` = `high`) for a float without step. */
export interface UnitRange {
  readonly low: number;
  readonly high: number;
}

/** The value at `unit`, in [0, 1]. */
export function valueAtUnit(parameter: Parameter, unit: number): ParameterValue {
  const count = valueCount(parameter);
  if (count === 1) return valueAt(parameter, 0);
  if (parameter.kind !== 'categorical' && (parameter.log || count === Number.POSITIVE_INFINITY)) {
    const axis = axisOf(parameter);
    const position = axis.low + unit * (axis.high - axis.low);
    const value = parameter.log ? Math.exp(position) : position;
    return Math.min(parameter.high, Math.max(parameter.low, parameter.kind === 'int' ? Math.round(value) : value));
  }
  return valueAt(parameter, Math.min(count - 1, Math.floor(unit * count)));
}

/** Where on [0, 1] a value lies, or `undefined` where the parameter has no such value. */
export function unitRange(parameter: Parameter, value: ParameterValue): UnitRange | undefined {
  const count = valueCount(parameter);
  if (count === Number.POSITIVE_INFINITY && parameter.kind !== 'categorical') {
    if (typeof value !== 'number' || !(value >= parameter.low && value <= parameter.high)) return undefined;
    const axis = axisOf(parameter);
    const unit = clip(((parameter.log ? Math.log(value) : value) - axis.low) / (axis.high - axis.low));
    return { low: unit, high: unit };
  }
  const ordinal = ordinalNear(parameter, value);
  if (ordinal === undefined) return undefined;
  if (parameter.kind === 'int' && parameter.log && count > 1) {
    const axis = axisOf(parameter);
    const [low = 0, high = 1] = [-0.5, 0.5].map((half) =>
      clip((Math.log(Number(value) + half) - axis.low) / (axis.high - axis.low)),
    );
    return { low, high };
  }
  return { low: ordinal / count, high: (ordinal + 1) / count };
}

function axisOf(parameter: Exclude<Parameter, { kind: 'categorical' }>): UnitRange {
  const { low, high } = parameter;
  if (!parameter.log) return { low, high };
  const half = parameter.kind === 'int' ? 0.5 : 0;
  return { low: Math.log(low - half), high: Math.log(high + half) };
}

function clip(unit: number): number {
  return Math.min(1, Math.max(0, unit));
}
