/**
 * What a part of a study file may look like: one description that reads YAML and that editors get as JSON Schema.
 *
 * A shape reports what is wrong and gives `undefined`; it never throws, so that all problems come together.
 */
import { nearestName } from '@weft/core';
import { isWithin, rangeText } from '../settings/value-rule.ts';
import type { NumberRange } from '../settings/setting.ts';
import { scalarOf, shownValue, type Place, type Problems } from './place.ts';

/** A JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Shape<T> {
  /** Completes "must be". */
  readonly rule: string;
  readonly schema: JsonSchema;
  /** The value, or `undefined` after a problem was reported. */
  read(place: Place, problems: Problems): T | undefined;
}

/** A shape of scalars: `accept` gives the value, or `undefined` for one that breaks the rule. */
export function scalarShape<T>(
  rule: string,
  schema: JsonSchema,
  accept: (value: unknown) => T | undefined,
  hint: (value: unknown) => string = () => '',
): Shape<T> {
  return {
    rule,
    schema,
    read: (place, problems) => {
      const value = scalarOf(place);
      const accepted = value === undefined || value === null ? undefined : accept(value);
      if (accepted === undefined) problems.add(place, `${shownValue(place)} must be ${rule}${hint(value)}`);
      return accepted;
    },
  };
}

/** A finite number in a range. */
export function numberShape(range: NumberRange = {}): Shape<number> {
  return scalarShape(`a number${rangeText(range)}`, { type: 'number', ...rangeSchema(range) }, (value) =>
    typeof value === 'number' && Number.isFinite(value) && isWithin(value, range) ? value : undefined,
  );
}

/** An integer, exact in a float64, in a range. */
export function integerShape(range: NumberRange = {}): Shape<number> {
  return scalarShape(`an integer${rangeText(range)}`, { type: 'integer', ...rangeSchema(range) }, (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && isWithin(value, range) ? value : undefined,
  );
}

/** `true` or `false`. */
export function flagShape(): Shape<boolean> {
  return scalarShape('true or false', { type: 'boolean' }, (value) => (typeof value === 'boolean' ? value : undefined));
}

/** A text that matches `pattern`. */
export function textShape(rule: string, pattern: string): Shape<string> {
  const expression = new RegExp(pattern, 'u');
  return scalarShape(rule, { type: 'string', pattern }, (value) =>
    typeof value === 'string' && expression.test(value) ? value : undefined,
  );
}

/** One of a closed list of names; another is answered with the nearest of them. */
export function choiceShape<const T extends string>(choices: readonly T[]): Shape<T> {
  return scalarShape(
    `one of ${choices.join(', ')}`,
    { enum: choices },
    (value) => choices.find((choice) => choice === value),
    (value) => didYouMean(value, choices),
  );
}

/** ` (did you mean x?)`, or nothing. */
export function didYouMean(value: unknown, names: readonly string[]): string {
  const nearest = typeof value === 'string' ? nearestName(value, names) : undefined;
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}

function rangeSchema({ min, max, above, below }: NumberRange): JsonSchema {
  return {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(below === undefined ? {} : { exclusiveMaximum: below }),
  };
}
