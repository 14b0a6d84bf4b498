/** A parameter as one coordinate of a Parzen density. */
import { valueCount } from '../../space/parameter-values.ts';
import type { Parameter, ParameterValue } from '../../space/parameter.ts';
import { unitRange, valueAtUnit, type UnitRange } from '../../space/unit-interval.ts';

/**
 * `continuous` and `discrete` coordinates are on the unit interval, the middle of what belongs to the value; those of `choice` are
 * the position of the choice. Values that are equally far apart and very many count as continuous.
 */
export interface Dimension {
  readonly parameter: Parameter;
  readonly kind: 'continuous' | 'discrete' | 'choice';
  /** Number of choices; not used elsewhere. */
  readonly choices: number;
}

/** A kernel is never narrower than two of so many values: its probability of one is its density there, to a part in a hundred. */
const veryMany = 200;

export function dimensionOf(parameter: Parameter): Dimension {
  if (parameter.kind === 'categorical') return { parameter, kind: 'choice', choices: parameter.choices.length };
  const count = valueCount(parameter);
  const kind = count >= veryMany && (!parameter.log || parameter.kind === 'float') ? 'continuous' : 'discrete';
  return { parameter, kind, choices: 0 };
}

/** The coordinate of a value, or `undefined` where the parameter has no such value. */
export function coordinateOf({ parameter }: Dimension, value: ParameterValue): number | undefined {
  if (parameter.kind === 'categorical') {
    const position = parameter.choices.indexOf(value);
    return position < 0 ? undefined : position;
  }
  const range = unitRange(parameter, value);
  return range === undefined ? undefined : (range.low + range.high) / 2;
}

/** The value at a coordinate, which need not be the middle of what belongs to it. */
export function valueAtCoordinate({ parameter }: Dimension, coordinate: number): ParameterValue {
  if (parameter.kind === 'categorical') return parameter.choices[coordinate] as ParameterValue; // A position.
  return valueAtUnit(parameter, coordinate);
}

/** What belongs to the value at a coordinate: a point of a continuous dimension, part of the interval of a discrete one. */
export function cellAt({ parameter, kind }: Dimension, coordinate: number): UnitRange {
  const range = kind === 'discrete' ? unitRange(parameter, valueAtUnit(parameter, coordinate)) : undefined;
  return range ?? { low: coordinate, high: coordinate };
}
