/** HTML with its values escaped: a template whose parts are text unless they are markup already. */

/** Markup that needs no escaping. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

/** Marks text that is markup, such as a drawn chart. */
export function raw(markup: string): Markup {
  return { markup };
}

/** `html\`<p>${text}</p>\`` is markup in which `text` cannot become a tag or an attribute. Indentation of the template is left out. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = flush(texts[0]);
  parts.forEach((part, at) => {
    markup += render(part) + flush(texts[at + 1]);
  });
  return { markup };
}

function flush(text = ''): string {
  return text.replaceAll(/\n\s+/g, '\n');
}

function render(part: Part): string {
  if (typeof part === 'object') {
    return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
  }
  return escapeText(String(part));
}

/** `text` for use between tags or in quotes. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
