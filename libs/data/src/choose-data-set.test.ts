import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probeDataSets, resolveAuto } from './choose-data-set.ts';
import type { FashionMnistOptions } from './fashion-mnist/fashion-mnist.ts';
import { startMirror } from './fashion-mnist/mirror-server.fixture.ts';
import {
  compressedName,
  temporaryDirectory,
  tinyOfficial,
  writeTinyFiles,
} from './fashion-mnist/tiny-files.fixture.ts';
import { isDataSetName, openDataSet, requireIdentity } from './open-data-set.ts';

async function emptyRoots(mirrors: readonly string[]): Promise<FashionMnistOptions> {
  const root = await temporaryDirectory();
  return {
    checkoutDirectory: join(root, 'beside', 'checkout'),
    cacheDirectory: join(root, 'cache'),
    download: { mirrors },
    official: tinyOfficial,
  };
}

test('auto takes Fashion-MNIST where a mirror has it', async () => {
  const options = await emptyRoots([(await startMirror()).url]);
  const directory = join(options.cacheDirectory, 'fashion-mnist');
  expect(await resolveAuto(options)).toEqual({ name: 'fashion-mnist', directory });
});

test('auto takes the synthetic set elsewhere, and says why and what was tried', async () => {
  const mirror = await startMirror(() => ({ kind: 'status', status: 404 }));
  const choice = await resolveAuto(await emptyRoots([mirror.url]));
  expect(choice).toMatchObject({ name: 'synthetic-fashion' });
  expect(JSON.stringify(choice)).toContain('not on this machine');
  expect(JSON.stringify(choice)).toContain(`${mirror.url}${compressedName('testLabels')}: answered 404`);
});

test('auto does not pass over a damaged file', async () => {
  const options = await emptyRoots([]);
  const directory = await temporaryDirectory();
  await writeTinyFiles(directory, 'compressed');
  await writeFile(join(directory, compressedName('testLabels')), 'damaged');
  await expect(resolveAuto({ ...options, dataDirectory: directory })).rejects.toMatchObject({ code: 'corrupt' });
});

test('auto stops when it is cancelled', async () => {
  const mirror = await startMirror(() => ({ kind: 'silent' }));
  const options = await emptyRoots([mirror.url]);
  const download = { mirrors: [mirror.url], signal: AbortSignal.timeout(50) };
  await expect(resolveAuto({ ...options, download })).rejects.toMatchObject({ code: 'cancelled' });
});

test('the probe reports each data set and asks no mirror', async () => {
  const mirror = await startMirror();
  const options = await emptyRoots([mirror.url]);
  const [absent, synthetic] = await probeDataSets(options);
  expect(absent).toMatchObject({ name: 'fashion-mnist', available: false });
  expect(JSON.stringify(absent)).toContain('none of the four files is there');
  expect(synthetic).toMatchObject({ name: 'synthetic-fashion', available: true });
  const cache = join(options.cacheDirectory, 'fashion-mnist');
  await mkdir(cache, { recursive: true });
  await writeTinyFiles(cache, 'plain');
  const [present] = await probeDataSets(options);
  expect(present).toEqual({ name: 'fashion-mnist', available: true, origin: cache });
  expect(mirror.requests).toEqual([]);
});

test('both data sets open by name, and only their own identity is accepted', async () => {
  const options = await emptyRoots([(await startMirror()).url]);
  const fashion = await openDataSet('fashion-mnist', options);
  const synthetic = await openDataSet('synthetic-fashion', {
    ...options,
    synthetic: { trainCount: 20, testCount: 10 },
  });
  expect([fashion.name, synthetic.name]).toEqual(['fashion-mnist', 'synthetic-fashion']);
  requireIdentity(fashion, fashion.identity, 'run a');
  const mixUp = (): void => {
    requireIdentity(fashion, synthetic.identity, 'run a');
  };
  expect(mixUp).toThrow(`is ${fashion.identity}, but that of run a is ${synthetic.identity}`);
});

test('names are known or not', () => {
  expect(isDataSetName('fashion-mnist')).toBe(true);
  expect(isDataSetName('cifar-10')).toBe(false);
});
