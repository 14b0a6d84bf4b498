/** How much of a large study a page shows. The CSV and JSON files have all of it; the page says what it left out. */
export const limits = {
  /** Cells with curves of their own, in one study. */
  curveCells: 30,
  /** Rows of a table of cells. */
  cellRows: 60,
  /** Rows of a table of trials. */
  trialRows: 200,
  /** Dots of a chart. */
  dots: 400,
  /** Lines across parallel axes. */
  lines: 300,
  wrongImages: 10,
} as const;

/** `items` down to `most`: the first half of that from the front, where the best are, and the rest spread over all others. */
export function thinned<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  const front = Math.floor(most / 2);
  const rest = items.length - front;
  const spread = most - front;
  const others = Array.from({ length: spread }, (_, at) => items[front + Math.floor((at * rest) / spread)]);
  return [...items.slice(0, front), ...others.filter((item) => item !== undefined)];
}
