/** A document as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
import { pageStyle } from '../style/page-style.ts';
import { documentStyle } from '../style/document-style.ts';
import type { Block, Cell, Column, Figure, FoldBlock, Picture, ReportDocument, TableBlock, Tone } from './block.ts';
import { html, raw, type Markup } from './html.ts';

/** With more columns than these a table is set small, so that it fits the width of the page. */
const denseColumns = 12;

/** The whole page. Sections are found under their ids. */
export function page({ title, subtitle, opening, sections }: ReportDocument): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(pageStyle + documentStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="soft">${subtitle}</p>
        </header>
        ${opening.map((block) => blockHtml(block, 2))}
        <nav aria-label="Contents">
          <ol>
            ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
          </ol>
        </nav>
        <main>
          ${sections.map(
            ({ id, title: name, blocks }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${name}</h2>
                ${blocks.map((block) => blockHtml(block, 3))}
              </section> `,
          )}
        </main>
      </body>
    </html> `.markup;
}

/** One block; headings in it are of `level`. */
function blockHtml(block: Block, level: number): Markup {
  switch (block.kind) {
    case 'text':
      return html`<p${toneClass(block.tone)}>${block.text}</p>
`;
    case 'table':
      return tableHtml(block);
    case 'facts':
      return html`<dl>
        ${block.facts.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${cellHtml(value)}</dd>`,
        )}
      </dl> `;
    case 'figures':
      return html`<div class="figures">${block.figures.map(figureHtml)}</div> `;
    case 'pictures':
      return html`<div class="pictures">${block.pictures.map(pictureHtml)}</div> `;
    case 'commands':
      return html`<pre><code>${block.lines.join('\n')}</code></pre> `;
    case 'fold':
      return foldHtml(block, level);
    case 'part':
      return html`<div class="part">
        ${heading(level, block.title)} ${block.blocks.map((inner) => blockHtml(inner, level + 1))}
      </div> `;
  }
}

function heading(level: number, text: string): Markup {
  const tag = raw(`h${String(Math.min(6, level))}`);
  return html`<${tag}>${text}</${tag}>`;
}

function tableHtml({ caption, columns, rows }: TableBlock): Markup {
  const density = columns.length > denseColumns ? html` class="dense"` : html``;
  return html`<div class="scroll">
    <table${density}>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ name, kind }) => html`<th scope="col" ${columnClass(kind)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => tableCell(cell, columns[at]))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

function tableCell(cell: Cell, column: Column | undefined): Markup {
  const kind = column?.kind ?? 'text';
  const content = cellHtml(cell);
  if (kind === 'head') return html`<th scope="row">${content}</th>`;
  const heat = typeof cell === 'object' ? cell.heat : undefined;
  const shade = heat === undefined ? html`` : html` style="--heat: ${(100 * heat).toFixed(0)}%"`;
  const shaded = heat === undefined ? '' : heat > 0.55 ? 'hot' : 'heat';
  return html`<td${columnClass(kind, shaded)}${shade}>${content}</td>`;
}

function columnClass(kind: Column['kind'], more = ''): Markup {
  const names = [kind === 'number' || kind === 'wide' ? kind : '', more].filter((name) => name !== '').join(' ');
  return names === '' ? html`` : html` class="${names}"`;
}

function cellHtml(cell: Cell): Markup {
  if (typeof cell === 'string') return html`${cell}`;
  const text = cell.code === true ? html`<code>${cell.text}</code>` : html`${cell.text}`;
  if (cell.tone === undefined) return text;
  return cell.tone === 'soft'
    ? html`<span class="soft">${text}</span>`
    : html`<strong class="${cell.tone}">${text}</strong>`;
}

function toneClass(tone: Tone | undefined): Markup {
  return tone === undefined ? html`` : html` class="${tone}"`;
}

function figureHtml({ caption, drawings, wide }: Figure): Markup {
  return html`<figure${wide === true ? html` class="broad"` : html``}><figcaption>${caption}</figcaption>
<div class="drawings">${drawings.map(raw)}</div></figure>
`;
}

function pictureHtml({ caption, png, width, height }: Picture): Markup {
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return html`<figure>
    <img alt="${caption}" width="${3 * width}" height="${3 * height}" src="${source}" />
    <figcaption>${caption}</figcaption>
  </figure> `;
}

function foldHtml({ summary, printed, blocks }: FoldBlock, level: number): Markup {
  return html`<details${printed ? html` class="printed"` : html``}><summary>${summary}</summary>
${blocks.map((inner) => blockHtml(inner, level))}</details>
`;
}
