import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inflate } from './inflate.ts';

const content = Uint8Array.from({ length: 5000 }, (_, at) => at % 251);

test('a gzip file is inflated, a plain one is returned as it is', async () => {
  expect([...(await inflate(gzipSync(content), 'file.gz'))]).toEqual([...content]);
  expect(await inflate(content, 'file')).toBe(content);
});

test.each([0, 1, 62, 63, 64, 65, 4999])('%d bytes come back whole', async (length) => {
  const part = content.subarray(0, length);
  expect([...(await inflate(gzipSync(part), 'file.gz'))]).toEqual([...part]);
});

test('two files in one, whose end tells of the second only, come back whole', async () => {
  const both = new Uint8Array([...gzipSync(content), ...gzipSync(content.subarray(0, 7))]);
  expect([...(await inflate(both, 'both.gz'))]).toEqual([...content, ...content.subarray(0, 7)]);
});

const whole = gzipSync(content);
const flipped = Uint8Array.from(whole, (byte, at) => (at === whole.length - 6 ? byte ^ 1 : byte));

test.each([
  { name: 'cut off', bytes: whole.subarray(0, whole.length - 20) },
  { name: 'altered, so that its CRC-32 does not match', bytes: flipped },
])('a gzip file that is $name is refused by name', async ({ bytes }) => {
  await expect(inflate(bytes, '/some/file.gz')).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('/some/file.gz: cannot be decompressed') as string,
  });
});

test('a file that inflates beyond the bound is refused before it fills the memory', async () => {
  const bomb = gzipSync(new Uint8Array(1_000_000));
  await expect(inflate(bomb, 'bomb.gz', 10_000)).rejects.toMatchObject({ code: 'corrupt' });
});
