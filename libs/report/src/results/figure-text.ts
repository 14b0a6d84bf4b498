/** Figures as people read them: as many digits as mean something, with their units. */
import type { ParameterValue } from '@weft/tuning';
import type { Metric } from '../input/reference-table.ts';
import type { Interval } from '@weft/studies';

/** What stands where there is no figure. */
export const absent = '–';

/** `12345.6` as `12,346`. */
export function countText(value: number): string {
  if (!Number.isFinite(value)) return absent;
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** An accuracy in four decimals; a loss in four significant digits or so: `0.5123`, `12.35`, `4.1e+12`, `NaN`. */
export function metricText(value: number | undefined, metric: Metric): string {
  if (value === undefined) return absent;
  if (metric.endsWith('accuracy') && Number.isFinite(value)) return value.toFixed(4);
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e6) return value.toExponential(1);
  return value.toFixed(Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 4);
}

/** `0.8568 ± 0.0031`; the mean alone where one value is all there is. */
export function estimateText(estimate: Interval | undefined, metric: Metric): string {
  if (estimate === undefined) return absent;
  const mean = metricText(estimate.mean, metric);
  return estimate.halfWidth === undefined ? mean : `${mean} ± ${metricText(estimate.halfWidth, metric)}`;
}

/** With its sign: `+0.0120`, `−0.0031`. */
export function differenceText(value: number, metric: Metric): string {
  const size = metricText(Math.abs(value), metric);
  return value < 0 ? `−${size}` : `+${size}`;
}

/** `0.931` as `93.1 %`. */
export function shareText(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : absent;
}

/** `0.4 s`, `12.3 s`, `1 min 5 s`, `2 h 3 min`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return absent;
  if (seconds < 60) return `${seconds.toFixed(seconds < 0.1 ? 3 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${countText(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

/** A setting as it would be written in a study file. */
export function valueText(value: ParameterValue): string {
  return String(value);
}

/** `1 trial`, `2 trials`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** The first 16 digits of a digest, enough to compare by eye. */
export function shortDigest(digest: string): string {
  return digest === '' ? absent : digest.slice(0, 16);
}
