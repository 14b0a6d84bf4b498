/** Figures as a Markdown table, for the terminal and for pasting into documents. */
import type { Spread } from './statistics.ts';

/** A Markdown table whose columns are as wide as their widest cell; the first column to the left, the others to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/** A rate with spaces between thousands: `51 100`. */
export function rateText(rate: number): string {
  const digits = rate < 100 ? rate.toPrecision(3) : Math.round(rate).toString();
  return digits.replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** `5 800 (5 610 - 5 900)`, or a dash where nothing was measured. */
export function spreadText(spread: Spread | undefined, text: (value: number) => string = rateText): string {
  if (spread === undefined) return '-';
  const range = spread.rounds.length === 1 ? '' : ` (${text(spread.min)} - ${text(spread.max)})`;
  return `${text(spread.median)}${range}`;
}

/** A ratio of two rates: `1.86`. */
export function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(1);
}
