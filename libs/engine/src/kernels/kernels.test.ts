import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKernel } from './compile-kernel.ts';
import { kernelNames } from './kernel-names.ts';

test.each(kernelNames)('the committed binary of %s is what its source compiles to', async (name) => {
  const committed = readFileSync(new URL(`${name}-binary.ts`, import.meta.url), 'utf8');
  expect(await compileKernel(name)).toBe(committed);
});
