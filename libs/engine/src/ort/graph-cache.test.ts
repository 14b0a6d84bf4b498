import { expect, test } from 'vitest';
import { GraphCache } from './graph-cache.ts';

class Entry {
  closed = false;
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

test('keeps what was used last, and closes what falls out', async () => {
  const cache = new GraphCache<Entry>(2);
  const make = (): Promise<Entry> => Promise.resolve(new Entry());
  const [a, b] = [await cache.get('a', make), await cache.get('b', make)];
  expect(await cache.get('a', make)).toBe(a);
  const c = await cache.get('c', make);
  expect([a.closed, b.closed, c.closed]).toEqual([false, true, false]);
  expect(await cache.get('b', make)).not.toBe(b);
  expect(a.closed).toBe(true);
});

test('what failed to be made is made again', async () => {
  const cache = new GraphCache<Entry>(2);
  await expect(cache.get('a', () => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
  expect(await cache.get('a', () => Promise.resolve(new Entry()))).toBeInstanceOf(Entry);
});

test('clearing closes all', async () => {
  const cache = new GraphCache<Entry>(2);
  const entry = await cache.get('a', () => Promise.resolve(new Entry()));
  await cache.clear();
  expect(entry.closed).toBe(true);
});
