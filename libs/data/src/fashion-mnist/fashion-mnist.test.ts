import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseIdx } from '../idx.ts';
import { openFashionMnist, type FashionMnistOptions } from './fashion-mnist.ts';
import { startMirror } from './mirror-server.fixture.ts';
import type { FileRole } from './official-files.ts';
import {
  compressedBytes,
  compressedName,
  plainBytes,
  temporaryDirectory,
  tinyOfficial,
  writeTinyFiles,
} from './tiny-files.fixture.ts';

/** Options whose every root is a fresh, empty directory, with the network off. */
async function emptyRoots(): Promise<FashionMnistOptions & { dataDirectory: string; checkoutDirectory: string }> {
  const root = await temporaryDirectory();
  const dataDirectory = join(root, 'given');
  const checkoutDirectory = join(root, 'beside', 'checkout');
  const cacheDirectory = join(root, 'cache');
  for (const directory of [dataDirectory, checkoutDirectory, cacheDirectory])
    await mkdir(directory, { recursive: true });
  return { dataDirectory, checkoutDirectory, cacheDirectory, download: false, official: tinyOfficial };
}

test.each(['compressed', 'plain'] as const)('the %s files are read as they were written', async (form) => {
  const options = await emptyRoots();
  await writeTinyFiles(options.dataDirectory, form);
  const dataSet = await openFashionMnist(options);
  const values = (role: FileRole): number[] => [...parseIdx(plainBytes(role), role).values];
  expect(dataSet).toMatchObject({ name: 'fashion-mnist', origin: options.dataDirectory, inputShape: [28, 28, 1] });
  expect([dataSet.train.count, dataSet.test.count]).toEqual([20, 10]);
  expect([...dataSet.train.images]).toEqual(values('trainImages'));
  expect([...dataSet.train.labels]).toEqual(values('trainLabels'));
  expect([...dataSet.test.images]).toEqual(values('testImages'));
  expect([...dataSet.test.labels]).toEqual(values('testLabels'));
});

test('compressed, plain and shared copies have one identity', async () => {
  const identities = new Set<string>();
  for (const form of ['compressed', 'plain'] as const) {
    for (const shared of [false, true]) {
      const options = await emptyRoots();
      await writeTinyFiles(options.dataDirectory, form);
      const dataSet = await openFashionMnist({ ...options, shared });
      expect(dataSet.train.images.buffer instanceof SharedArrayBuffer).toBe(shared);
      identities.add(dataSet.identity);
    }
  }
  expect(identities.size).toBe(1);
});

describe('the search', () => {
  const places = [
    { name: 'the directory given', at: ['given'] },
    { name: 'fashion-mnist in the directory given', at: ['given', 'fashion-mnist'] },
    { name: 'data/ in the checkout', at: ['beside', 'checkout', 'data'] },
    { name: 'data/fashion-mnist in the checkout', at: ['beside', 'checkout', 'data', 'fashion-mnist'] },
    { name: 'shared/data/ in the checkout', at: ['beside', 'checkout', 'shared', 'data', 'fashion-mnist'] },
    { name: 'shared/data/ beside the checkout', at: ['beside', 'shared', 'data'] },
    { name: 'shared/data/fashion-mnist beside the checkout', at: ['beside', 'shared', 'data', 'fashion-mnist'] },
    { name: 'the user cache', at: ['cache', 'fashion-mnist'] },
  ];

  test.each(places.map((place, nth) => ({ ...place, nth })))(
    'finds the files in $name before later places',
    async ({ at, nth }) => {
      const options = await emptyRoots();
      const root = join(options.dataDirectory, '..');
      for (const later of places.slice(nth)) {
        const directory = join(root, ...later.at);
        await mkdir(directory, { recursive: true });
        await writeTinyFiles(directory, 'compressed');
      }
      expect((await openFashionMnist(options)).origin).toBe(join(root, ...at));
    },
  );

  test('passes over a place that lacks a file', async () => {
    const options = await emptyRoots();
    await writeTinyFiles(options.dataDirectory, 'compressed', ['trainImages', 'trainLabels', 'testImages']);
    const cache = join(options.cacheDirectory, 'fashion-mnist');
    await mkdir(cache);
    await writeTinyFiles(cache, 'compressed');
    expect((await openFashionMnist(options)).origin).toBe(cache);
  });

  test('that finds nothing says every place, what it lacks, and what to do', async () => {
    const options = await emptyRoots();
    await writeTinyFiles(options.dataDirectory, 'compressed', ['trainImages', 'trainLabels']);
    const missing = `lacks ${compressedName('testLabels')}, ${compressedName('testImages')}`;
    const opening = openFashionMnist(options);
    await expect(opening).rejects.toMatchObject({ code: 'not-found' });
    for (const text of [
      `${options.dataDirectory} (the data directory given): ${missing}`,
      `${join(options.checkoutDirectory, 'data')} (data/ in the checkout): none of the four files is there`,
      `${join(options.checkoutDirectory, '..', 'shared', 'data')} (shared/data/ beside the checkout)`,
      `${join(options.cacheDirectory, 'fashion-mnist')} (the user cache)`,
      'download: not tried',
      '--data-dir',
    ]) {
      await expect(opening).rejects.toThrow(text);
    }
  });
});

describe('a file that is not the official one is refused by name and checksum', () => {
  const whole = Buffer.from(compressedBytes('trainImages'));
  const cases = [
    { name: 'truncated', bytes: whole.subarray(0, 100), says: 'has 100 bytes instead of' },
    {
      name: 'altered in one bit',
      bytes: Buffer.from(whole.map((byte, at) => (at === 60 ? byte ^ 1 : byte))),
      says: '',
    },
    { name: 'empty', bytes: Buffer.alloc(0), says: 'has 0 bytes instead of' },
    { name: 'longer', bytes: Buffer.concat([whole, Buffer.of(0)]), says: `instead of ${String(whole.length)}` },
  ];

  test.each(cases)('$name, in the directory given, although the cache has a good one', async ({ bytes, says }) => {
    const options = await emptyRoots();
    const cache = join(options.cacheDirectory, 'fashion-mnist');
    await mkdir(cache);
    await writeTinyFiles(cache, 'compressed');
    await writeTinyFiles(options.dataDirectory, 'compressed');
    const path = join(options.dataDirectory, compressedName('trainImages'));
    await writeFile(path, bytes);
    const opening = openFashionMnist(options);
    await expect(opening).rejects.toMatchObject({ code: 'corrupt' });
    await expect(opening).rejects.toThrow(path);
    await expect(opening).rejects.toThrow(says);
    const actual = createHash('sha256').update(bytes).digest('hex');
    await expect(opening).rejects.toThrow(
      `expected SHA-256 ${tinyOfficial.trainImages.compressed.sha256}, got ${actual}`,
    );
    expect(await readFile(path)).toEqual(bytes);
  });

  test('in the user cache just as well, and nothing is downloaded over it', async () => {
    const options = await emptyRoots();
    const mirror = await startMirror();
    const cache = join(options.cacheDirectory, 'fashion-mnist');
    await mkdir(cache);
    await writeTinyFiles(cache, 'plain');
    await writeFile(join(cache, 'train-labels-idx1-ubyte'), 'not labels');
    const opening = openFashionMnist({ ...options, download: { mirrors: [mirror.url] } });
    await expect(opening).rejects.toThrow(join(cache, 'train-labels-idx1-ubyte'));
    expect(mirror.requests).toEqual([]);
  });
});

describe('a machine without the files', () => {
  test('downloads them once, into the user cache', async () => {
    const options = await emptyRoots();
    const mirror = await startMirror();
    const download = { mirrors: [mirror.url] };
    const first = await openFashionMnist({ ...options, download });
    expect(first.origin).toBe(join(options.cacheDirectory, 'fashion-mnist'));
    const second = await openFashionMnist({ ...options, download });
    expect(second.identity).toBe(first.identity);
    expect(mirror.requests).toHaveLength(4);
  });

  test('says why each mirror failed', async () => {
    const options = await emptyRoots();
    const mirror = await startMirror(() => ({ kind: 'status', status: 503 }));
    const opening = openFashionMnist({ ...options, download: { mirrors: [mirror.url, 'http://127.0.0.1:1/'] } });
    await expect(opening).rejects.toMatchObject({ code: 'not-found' });
    await expect(opening).rejects.toThrow(`${mirror.url}${compressedName('testLabels')}: answered 503`);
    await expect(opening).rejects.toThrow('http://127.0.0.1:1/');
  });
});
