import type { NumberRange, SettingValues } from './setting.ts';

/** What a value of the setting must be, completing "must be". */
export function ruleOfValues(values: SettingValues): string {
  switch (values.kind) {
    case 'float':
      return `a number${rangeText(values)}`;
    case 'int':
      return `an integer${rangeText(values)}`;
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${values.choices.join(', ')}`;
    case 'model':
      return 'the name of a model';
  }
}

/** Whether `value` is one that the setting takes. Of models only that it is a name. */
export function isValueOf(values: SettingValues, value: unknown): boolean {
  switch (values.kind) {
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) && isWithin(value, values);
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value) && isWithin(value, values);
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && values.choices.includes(value);
    case 'model':
      return typeof value === 'string' && value !== '';
  }
}

/** Whether a number is in the range. */
export function isWithin(value: number, { min, max, above, below }: NumberRange): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

/** ` from 1 to 10`, ` of at least 0 and less than 1`, or nothing. */
export function rangeText({ min, max, above, below }: NumberRange): string {
  if (min !== undefined && max !== undefined) return ` from ${String(min)} to ${String(max)}`;
  const parts: string[] = [];
  if (min !== undefined) parts.push(`at least ${String(min)}`);
  if (above !== undefined) parts.push(`greater than ${String(above)}`);
  if (max !== undefined) parts.push(`at most ${String(max)}`);
  if (below !== undefined) parts.push(`less than ${String(below)}`);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}
