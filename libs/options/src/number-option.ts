import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

/** Bounds of a number; both belong to the range unless said otherwise. Left out: no bound on that side. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  /** The value must be less than this. */
  readonly below?: number;
}

/** A decimal integer, exact in a float64. */
export function integerOption(settings: OptionSettings & Range & Settled<number>): Option<number>;
export function integerOption(settings: OptionSettings & Range): Option<number | undefined>;
export function integerOption(settings: OptionSettings & Range & MaybeSettled<number>): Option<number> {
  const rule = `an integer${rangeText(settings)}`;
  const read = (text: string): Reading<number> => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) && within(value, settings) ? { ok: true, value } : { ok: false, rule };
  };
  return optionOf('value', 'N', rule, settings, read);
}

/** A finite decimal number, exponent allowed. */
export function numberOption(settings: OptionSettings & Range & Settled<number>): Option<number>;
export function numberOption(settings: OptionSettings & Range): Option<number | undefined>;
export function numberOption(settings: OptionSettings & Range & MaybeSettled<number>): Option<number> {
  const rule = `a number${rangeText(settings)}`;
  const read = (text: string): Reading<number> => {
    const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    return Number.isFinite(value) && within(value, settings) ? { ok: true, value } : { ok: false, rule };
  };
  return optionOf('value', 'X', rule, settings, read);
}

function within(value: number, { min, max, above, below }: Range): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function rangeText({ min, max, above, below }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${String(min)} to ${String(max)}`;
  const parts: string[] = [];
  if (min !== undefined) parts.push(`at least ${String(min)}`);
  if (above !== undefined) parts.push(`greater than ${String(above)}`);
  if (max !== undefined) parts.push(`at most ${String(max)}`);
  if (below !== undefined) parts.push(`less than ${String(below)}`);
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`;
}
