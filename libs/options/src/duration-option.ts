import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Whole hours that a timer can count: it takes milliseconds below 2^31, and goes off at once for more. */
const longestMs = 596 * unitsMs.h;

/** Bounds of a duration, both included, in milliseconds. Without, at most what a timer can count. */
export interface DurationRange {
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A length of time with its unit (`500ms`, `10s`, `1.5m`, `1h`). The value, and the default, are whole milliseconds. */
export function durationOption(settings: OptionSettings & DurationRange & Settled<number>): Option<number>;
export function durationOption(settings: OptionSettings & DurationRange): Option<number | undefined>;
export function durationOption(settings: OptionSettings & DurationRange & MaybeSettled<number>): Option<number> {
  const { minMs = 0, maxMs = longestMs } = settings;
  const lower = settings.minMs === undefined ? '' : `, at least ${formatDuration(minMs)}`;
  const rule = `a duration with its unit, such as 500ms, 10s or 2m${lower}, at most ${formatDuration(maxMs)}`;
  const read = (text: string): Reading<number> => {
    const value = durationMs(text);
    return value !== undefined && value >= minMs && value <= maxMs ? { ok: true, value } : { ok: false, rule };
  };
  return optionOf('value', 'DURATION', rule, settings, read, formatDuration);
}

/** `milliseconds` as `durationOption` reads it, in the largest unit that divides it. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const count = milliseconds / unitsMs[unit];
    if (count >= 1 && Number.isInteger(count)) return `${String(count)}${unit}`;
  }
  return `${String(milliseconds)}ms`;
}

function durationMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = match?.[2];
  if (match?.[1] === undefined || (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h')) return undefined;
  return Math.round(Number(match[1]) * unitsMs[unit]);
}
