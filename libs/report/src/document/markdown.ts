/** A document as Markdown (GitHub's), for terminals, reviews and repositories. Drawings and pictures are left to the page. */
import type { Block, Cell, ReportDocument, TableBlock } from './block.ts';

/** The whole text. */
export function markdown({ title, subtitle, opening, sections }: ReportDocument): string {
  const parts = [`# ${escaped(title)}`, escaped(subtitle), ...opening.map((block) => blockText(block, 2))];
  for (const section of sections) {
    parts.push(`## ${escaped(section.title)}`, ...section.blocks.map((block) => blockText(block, 3)));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: Block, level: number): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'table':
      return tableText(block);
    case 'facts':
      return block.facts.map(([name, value]) => `- ${escaped(name)}: ${cellText(value)}`).join('\n');
    case 'figures':
    case 'pictures':
      return '';
    case 'commands':
      return block.lines.map((line) => `    ${line.replaceAll(/[\r\n]+/g, ' ')}`).join('\n');
    case 'fold':
      return joined([`**${escaped(block.summary)}**`], block.blocks, level);
    case 'part':
      return joined([`${'#'.repeat(level)} ${escaped(block.title)}`], block.blocks, level + 1);
  }
}

/** The blocks under a heading; nothing where none of them says anything here. */
function joined(heading: readonly string[], blocks: readonly Block[], level: number): string {
  const texts = blocks.map((block) => blockText(block, level)).filter((text) => text !== '');
  return texts.length === 0 ? '' : [...heading, ...texts].join('\n\n');
}

function tableText({ caption, columns, rows }: TableBlock): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `${escaped(caption)}\n`,
    line(columns.map(({ name }) => escaped(name))),
    line(columns.map(({ kind }) => (kind === 'number' ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ].join('\n');
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return escaped(cell);
  if (cell.code === true && !/[`|\r\n]/.test(cell.text)) return `\`${cell.text}\``;
  return cell.tone === 'strong' || cell.tone === 'bad' ? `**${escaped(cell.text)}**` : escaped(cell.text);
}

/** Text that means nothing but itself. */
function escaped(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>|#&~]/g, (character) => `\\${character}`);
}
