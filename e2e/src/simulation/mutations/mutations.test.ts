import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutations } from './catalogue.ts';
import { mutated } from './mutation.ts';
import { tryMutation } from './trial.ts';

const seeds = 300;
const root = new URL('../../../../', import.meta.url);

test('there are at least twelve mutations, each with a name of its own', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(12);
  expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
});

test.each(mutations)('$name: the text that it replaces is there, once', (mutation) => {
  for (const { file } of mutation.edits) {
    const text = readFileSync(new URL(file, root), 'utf8');
    expect(mutated(mutation, file, text)).not.toBe(text);
  }
});

test.concurrent.each(mutations)(`$name is caught within ${String(seeds)} seeds: $breaks`, async (mutation) => {
  const { caught, crash } = await tryMutation(mutation, seeds);
  expect(crash).toBeUndefined();
  expect(caught).toMatch(/^seed \d+: /);
});

test('docs/simulation.md lists them all', () => {
  const page = readFileSync(new URL('docs/simulation.md', root), 'utf8');
  for (const { name, breaks } of mutations) expect(page).toMatch(new RegExp(`^\\| ${name} +\\| ${breaks} +\\|$`, 'm'));
});
