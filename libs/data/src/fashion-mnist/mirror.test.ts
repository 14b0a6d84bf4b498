import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { downloadOfficialFiles, type DownloadOptions, type DownloadProgress, type MirrorOutcome } from './mirror.ts';
import { startMirror } from './mirror-server.fixture.ts';
import { fileRoles } from './official-files.ts';
import { compressedBytes, compressedName, temporaryDirectory, tinyOfficial } from './tiny-files.fixture.ts';

const images = compressedName('trainImages');
const bounds = { connectTimeoutMs: 5_000, idleTimeoutMs: 5_000 };

async function download(directory: string, mirrors: string[], options: DownloadOptions = {}): Promise<MirrorOutcome> {
  return downloadOfficialFiles(directory, tinyOfficial, { ...bounds, ...options, mirrors });
}

/** The four files are in `directory`, whole, and nothing else is. */
async function expectComplete(directory: string, outcome: MirrorOutcome): Promise<void> {
  expect(outcome).toMatchObject({ done: true, files: { directory } });
  expect((await readdir(directory)).sort()).toEqual(fileRoles.map(compressedName).sort());
  for (const role of fileRoles) {
    expect(await readFile(join(directory, compressedName(role)))).toEqual(Buffer.from(compressedBytes(role)));
  }
}

test('the four files are brought, and progress reaches the sum of their sizes without going back', async () => {
  const directory = join(await temporaryDirectory(), 'not', 'yet', 'there');
  const mirror = await startMirror();
  const progress: DownloadProgress[] = [];
  await expectComplete(directory, await download(directory, [mirror.url], { onProgress: (now) => progress.push(now) }));
  const total = fileRoles.reduce((sum, role) => sum + tinyOfficial[role].compressed.bytes, 0);
  const received = progress.map((now) => now.receivedBytes);
  expect(received).toEqual(received.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toEqual({ file: images, receivedBytes: total, totalBytes: total });
});

test('files that are there already are not asked for again', async () => {
  const directory = await temporaryDirectory();
  await download(directory, [(await startMirror()).url]);
  const second = await startMirror();
  await expectComplete(directory, await download(directory, [second.url]));
  expect(second.requests).toEqual([]);
});

test('a connection that is dropped in the middle is made again', async () => {
  const directory = await temporaryDirectory();
  const mirror = await startMirror(({ file, earlier }) =>
    file === images && earlier < 2 ? { kind: 'drop-after', bytes: 100 } : { kind: 'serve' },
  );
  await expectComplete(directory, await download(directory, [mirror.url]));
  expect(mirror.requests.filter((request) => request.file === images)).toHaveLength(3);
});

test('an answer that ends early again and again is resumed where it stopped', async () => {
  const directory = await temporaryDirectory();
  const mirror = await startMirror(({ file, earlier }) =>
    file === images && earlier < 5 ? { kind: 'end-after', bytes: 20 } : { kind: 'serve' },
  );
  await expectComplete(directory, await download(directory, [mirror.url]));
  const starts = mirror.requests.filter((request) => request.file === images).map((request) => request.from);
  expect(starts).toEqual([0, 20, 40, 60, 80, 100]);
});

test('what one call left is taken up by the next, at another mirror', async () => {
  const directory = await temporaryDirectory();
  const short = await startMirror(({ file, from }) => {
    if (file !== images) return { kind: 'serve' };
    return from === 0 ? { kind: 'end-after', bytes: 120 } : { kind: 'status', status: 503 };
  });
  const first = await download(directory, [short.url]);
  expect(first).toMatchObject({ done: false });
  expect(await readFile(join(directory, `${images}.part`))).toHaveLength(120);
  const good = await startMirror();
  await expectComplete(directory, await download(directory, [good.url]));
  expect(good.requests).toEqual([{ file: images, from: 120, earlier: 0 }]);
});

test('a mirror that cannot resume sends the file from the start', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, `${images}.part`), 'half a file');
  const mirror = await startMirror(() => ({ kind: 'ignore-range' }));
  await expectComplete(directory, await download(directory, [mirror.url]));
});

test('a redirection is followed, a circle of them is not', async () => {
  const directory = await temporaryDirectory();
  const good = await startMirror();
  const pointer = await startMirror(() => ({ kind: 'redirect', to: good.url }));
  await expectComplete(directory, await download(directory, [pointer.url]));
  const circle = await startMirror(() => ({ kind: 'redirect', to: '' }));
  const outcome = await download(await temporaryDirectory(), [circle.url]);
  expect(JSON.stringify(outcome)).toContain('answered 302 Found');
});

test('a part file that is longer than the file is thrown away', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, `${images}.part`), new Uint8Array(tinyOfficial.trainImages.compressed.bytes + 1));
  await expectComplete(directory, await download(directory, [(await startMirror()).url]));
});

test('a part file with wrong content is found out, named with both checksums, and replaced from the next mirror', async () => {
  const directory = await temporaryDirectory();
  const { bytes, sha256 } = tinyOfficial.trainImages.compressed;
  const wrong = new Uint8Array(bytes);
  await writeFile(join(directory, `${images}.part`), wrong);
  const outcome = await download(directory, ['http://127.0.0.1:1/']);
  expect(outcome).toMatchObject({ done: false });
  const next = await startMirror(({ file }) =>
    file === images ? { kind: 'other-content', content: wrong } : { kind: 'serve' },
  );
  const refused = await download(directory, [next.url]);
  const actual = createHash('sha256').update(wrong).digest('hex');
  expect(refused).toMatchObject({ done: false });
  expect(JSON.stringify(refused)).toContain(`expected SHA-256 ${sha256}, got ${actual}`);
  expect(await readdir(directory)).not.toContain(images);
  expect(await readdir(directory)).not.toContain(`${images}.part`);
  const good = await startMirror();
  await expectComplete(directory, await download(directory, [next.url, good.url]));
});

test.each([
  { name: 'lacks a file', behaviour: { kind: 'status', status: 404 } as const, says: 'answered 404 Not Found' },
  {
    name: 'sends too much',
    behaviour: { kind: 'other-content', content: new Uint8Array(50_000) } as const,
    says: 'sends more than the',
  },
])('a mirror that $name is passed over, with the reason if there is no other', async ({ behaviour, says }) => {
  const bad = await startMirror(() => behaviour);
  const alone = await download(await temporaryDirectory(), [bad.url]);
  expect(alone).toMatchObject({ done: false });
  expect(JSON.stringify(alone)).toContain(`${bad.url}${compressedName('testLabels')}: ${says}`);
  const directory = await temporaryDirectory();
  const good = await startMirror();
  await expectComplete(directory, await download(directory, [bad.url, good.url]));
});

test.each([
  {
    name: 'never answers',
    behaviour: { kind: 'silent' } as const,
    bound: { connectTimeoutMs: 60 },
    says: 'the server did not answer for 60 ms',
  },
  {
    name: 'stops in the middle',
    behaviour: { kind: 'stall-after', bytes: 0 } as const,
    bound: { idleTimeoutMs: 60 },
    says: 'the server stopped sending for 60 ms',
  },
])('a mirror that $name is waited for within the bound', async ({ behaviour, bound, says }) => {
  const bad = await startMirror(() => behaviour);
  const outcome = await download(await temporaryDirectory(), [bad.url], bound);
  expect(outcome).toEqual({ done: false, problems: [`${bad.url}${compressedName('testLabels')}: ${says}`] });
});

test('a mirror whose every address refuses the connection is named with the reason for each', async () => {
  const outcome = await download(await temporaryDirectory(), ['http://localhost:1/']);
  expect(JSON.stringify(outcome)).toMatch(/localhost:1.*: connect ECONNREFUSED/);
});

test('a mirror that answers with another range than asked for is refused and what it left is not kept', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, `${images}.part`), compressedBytes('trainImages').subarray(0, 100));
  const odd = await startMirror(() => ({ kind: 'wrong-range' }));
  const outcome = await download(directory, [odd.url]);
  expect(JSON.stringify(outcome)).toContain('answered with the range bytes 101-');
  await expectComplete(directory, await download(directory, [(await startMirror()).url]));
});

test('an aborted download stops at once as cancelled and keeps what it has', async () => {
  const directory = await temporaryDirectory();
  const mirror = await startMirror(({ file }) =>
    file === images ? { kind: 'stall-after', bytes: 50 } : { kind: 'serve' },
  );
  const stop = new AbortController();
  const running = download(directory, [mirror.url], {
    signal: stop.signal,
    onProgress: ({ file }) => {
      if (file === images) stop.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readFile(join(directory, `${images}.part`))).toHaveLength(50);
  expect(await readdir(directory)).not.toContain('download.lock');
});

test('a cache directory that cannot be made is a reason, not a crash', async () => {
  const file = join(await temporaryDirectory(), 'a-file');
  await writeFile(file, '');
  const outcome = await download(join(file, 'cache'), [(await startMirror()).url]);
  expect(JSON.stringify(outcome)).toContain('ENOTDIR');
});

test('two downloads into one directory at a time take turns', async () => {
  const directory = await temporaryDirectory();
  const mirror = await startMirror();
  const outcomes = await Promise.all([download(directory, [mirror.url]), download(directory, [mirror.url])]);
  for (const outcome of outcomes) await expectComplete(directory, outcome);
  expect(mirror.requests).toHaveLength(4);
});
