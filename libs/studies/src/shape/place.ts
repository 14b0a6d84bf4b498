/** A value in a YAML document: what stands there, what it is called, and where that is. */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

/** Where a value stands. */
export interface Place {
  /** Null where a key has no value. Aliases are followed. */
  readonly node: Node | null;
  /** Name of an alias that stands there without its anchor. */
  readonly unknownAlias?: string;
  /** `space.momentum.when`; empty for the document. */
  readonly path: string;
  /** Characters before it. */
  readonly offset: number;
}

/** Follows an alias; the place stays where the alias stands, for that is where the reader looks. */
export function placeOf(document: Document, value: unknown, path: string, fallbackOffset: number): Place {
  const node = isNode(value) ? value : null;
  const offset = node?.range?.[0] ?? fallbackOffset;
  if (!isAlias(node)) return { node, path, offset };
  const target = node.resolve(document);
  return target === undefined
    ? { node: null, path, offset, unknownAlias: node.source }
    : { node: target, path, offset };
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isScalar(value) || isSeq(value);
}

/** A scalar's value; undefined for maps, lists and nothing. */
export function scalarOf({ node }: Place): unknown {
  return isScalar(node) ? node.value : undefined;
}

/** What stands there, for messages: a scalar as JSON writes it, `a map`, `a list`, `nothing`. */
export function shownValue({ node, unknownAlias }: Place): string {
  if (unknownAlias !== undefined) return `the alias *${unknownAlias}, which has no anchor,`;
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  const value: unknown = isScalar(node) ? node.value : null;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Everything that is wrong with a document, in the order of its lines. */
export class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found: { readonly offset: number; readonly text: string }[] = [];
  readonly document: Document;

  constructor(file: string, lines: LineCounter, document: Document) {
    this.#file = file;
    this.#lines = lines;
    this.document = document;
  }

  /** `text` completes the path: `0 must be an integer of at least 1`. */
  add({ path, offset }: Pick<Place, 'path' | 'offset'>, text: string): void {
    this.#found.push({ offset, text: path === '' ? text : `${path}: ${text}` });
  }

  /** The line of a place, from 1. */
  lineOf({ offset }: Pick<Place, 'offset'>): number {
    return this.#lines.linePos(offset).line;
  }

  get count(): number {
    return this.#found.length;
  }

  /** `study.yaml:3:7: seeds: 0 must be ...`, one for each problem. */
  get lines(): string[] {
    const found = this.#found.map(({ offset, text }, order) => ({ offset, text, order }));
    found.sort((a, b) => a.offset - b.offset || a.order - b.order);
    return found.map(({ offset, text }) => {
      const { line, col } = this.#lines.linePos(offset);
      return `${this.#file}:${String(line)}:${String(col)}: ${text}`;
    });
  }
}
