/** Numbers as people read them. */

/** `12345.6` as `12,346`. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Four decimals: `0.8312`. */
export function formatFraction(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : String(value);
}

/** Four significant digits of a loss: `0.5123`, `12.35`, `4.1e+12`. */
export function formatLoss(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e6) return value.toExponential(1);
  return value.toFixed(Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 4);
}

/** `0.4 s`, `12.3 s`, `1:05`, `2:03:04`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${two(whole % 60)}` : `${String(minutes)}:${two(whole % 60)}`;
}

/** The first 16 digits of a digest, enough to compare by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 16);
}
