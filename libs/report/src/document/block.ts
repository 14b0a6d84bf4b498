/**
 * A report before it has a form: sections of blocks, from which the page and the Markdown are both made, so that they cannot
 * say different things. Texts are plain; whoever renders them escapes them.
 */

/** How a text is meant: as good or bad news, as an aside, or as the one to look at. Never told by colour alone. */
export type Tone = 'good' | 'bad' | 'soft' | 'strong';

/** A cell of a table, or the value of a fact. */
export type Cell = string | FormedCell;

export interface FormedCell {
  readonly text: string;
  readonly tone?: Tone;
  /** Digests and names of programs. */
  readonly code?: boolean;
  /** Shade of the background, 0 to 1. */
  readonly heat?: number;
}

/** `head` names the row; `wide` is text that may wrap. */
export interface Column {
  readonly name: string;
  readonly kind: 'head' | 'text' | 'number' | 'wide';
}

export interface TableBlock {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
  readonly tone?: Tone;
}

export interface FactsBlock {
  readonly kind: 'facts';
  readonly facts: readonly (readonly [string, Cell])[];
}

/** Drawings under one caption. `wide` ones take the whole width. */
export interface Figure {
  readonly caption: string;
  /** Each an `<svg>` element. */
  readonly drawings: readonly string[];
  readonly wide?: boolean;
}

export interface FiguresBlock {
  readonly kind: 'figures';
  readonly figures: readonly Figure[];
}

export interface Picture {
  readonly caption: string;
  /** A PNG file. */
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface PicturesBlock {
  readonly kind: 'pictures';
  readonly pictures: readonly Picture[];
}

export interface CommandsBlock {
  readonly kind: 'commands';
  readonly lines: readonly string[];
}

/** Blocks that are out of the way until somebody wants them. `printed`: on paper they are open. */
export interface FoldBlock {
  readonly kind: 'fold';
  readonly summary: string;
  readonly printed: boolean;
  readonly blocks: readonly Block[];
}

/** Blocks under a heading of their own. */
export interface PartBlock {
  readonly kind: 'part';
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  TableBlock | TextBlock | FactsBlock | FiguresBlock | PicturesBlock | CommandsBlock | FoldBlock | PartBlock;

/** `id` is unique in the document, and fit for a link. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  /** Before the contents. */
  readonly opening: readonly Block[];
  readonly sections: readonly Section[];
}
