import { readFileSync } from 'node:fs';

/** Weft's version, from the package's own description. */
export function weftVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const description = JSON.parse(text) as { readonly version: string };
  return description.version;
}
