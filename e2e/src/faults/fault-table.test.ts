/** The table in docs/faults.md: at least 25 faults, and every row names a test that exists. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const documents = resolve(import.meta.dirname, '../../../docs');

interface Row {
  readonly fault: string;
  readonly cells: readonly string[];
  readonly file: string;
  readonly title: string;
}

/** Rows of all tables: the last cell is `[name](file): title of the test`. */
async function rows(): Promise<Row[]> {
  const text = await readFile(join(documents, 'faults.md'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (fault|-+) /.test(line));
  return lines.map((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    const [, file = '', title = ''] = /^\[[^\]]+\]\(([^)]+)\): (.*)$/.exec(cells.at(-1) ?? '') ?? [];
    return { fault: cells[0] ?? '', cells, file, title };
  });
}

test('there are at least 25 faults, each with all six cells', async () => {
  const all = await rows();
  expect(all.length).toBeGreaterThanOrEqual(25);
  expect(all.filter(({ cells }) => cells.length !== 6 || cells.includes(''))).toEqual([]);
  expect(new Set(all.map(({ fault }) => fault)).size).toBe(all.length);
});

test('every row names a test that exists', async () => {
  const missing: string[] = [];
  for (const { fault, file, title } of await rows()) {
    const source = await readFile(join(documents, file), 'utf8').catch(() => '');
    if (title === '' || !source.includes(title)) missing.push(`${fault}: "${title}" in ${file}`);
  }
  expect(missing).toEqual([]);
});
