import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { inflate } from '../inflate.ts';
import { openFashionMnist } from './fashion-mnist.ts';
import { searchPlaces } from './local-files.ts';
import { fileRoles, officialFiles } from './official-files.ts';
import { dataPlaces } from './place.ts';

function digestOf(algorithm: 'md5' | 'sha256', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

const roots = { cacheDirectory: '/nonexistent' };
const search = await searchPlaces(dataPlaces(roots));
const absence = search.found ? '' : ' (not run: the official files are not on this machine)';

describe.skipIf(!search.found)(`the official files of Fashion-MNIST${absence}`, () => {
  test.each(fileRoles)("%s: the publisher's MD5 and our SHA-256 and sizes describe one file", async (role) => {
    const path = search.found ? search.files.paths[role] : '';
    const { compressed, plain } = officialFiles[role];
    const bytes = await readFile(path);
    if (path.endsWith('.gz')) {
      expect(digestOf('md5', bytes)).toBe(compressed.md5);
      expect(digestOf('sha256', bytes)).toBe(compressed.sha256);
      expect(bytes).toHaveLength(compressed.bytes);
    }
    const content = await inflate(bytes, path);
    expect(digestOf('sha256', content)).toBe(plain.sha256);
    expect(content).toHaveLength(plain.bytes);
  });

  test('hold 60 000 and 10 000 examples, the classes in equal parts, and have the identity known for them', async () => {
    const dataSet = await openFashionMnist({ ...roots, download: false });
    for (const [split, count] of [
      [dataSet.train, 60_000],
      [dataSet.test, 10_000],
    ] as const) {
      const perClass = new Uint32Array(10);
      for (const label of split.labels) perClass[label] = (perClass[label] ?? 0) + 1;
      expect(split.count).toBe(count);
      expect([...perClass]).toEqual(new Array<number>(10).fill(count / 10));
    }
    expect(dataSet.identity).toBe('sha256:9a3c1b2ba11ab4d7130d28624f513e56b75b12c87a2b78eb2aee19549f607597');
  });
});
