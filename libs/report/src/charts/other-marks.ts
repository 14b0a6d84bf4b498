import { ink } from './ink.ts';

/** Marks of values that are not ours: each source has a shape and a colour of its own. */
export function otherMark(source: number): { readonly symbol: string; readonly color: string } {
  return marks[source % marks.length] ?? marks[0];
}

const marks = [
  { symbol: 'diamond', color: ink('validation') },
  { symbol: 'triangle', color: ink('third') },
  { symbol: 'rect', color: ink('best') },
] as const;
