import { expect, test } from 'vitest';
import { SharedCache } from './shared-cache.ts';

class Thing {
  closed = 0;
  close(): void {
    this.closed++;
  }
}
const make = (): Promise<Thing> => Promise.resolve(new Thing());

test('users of a key share one thing, and so does the next user after them', async () => {
  const cache = new SharedCache<Thing>(2);
  const [one, two] = await Promise.all([cache.acquire('a', make), cache.acquire('a', make)]);
  expect(two.value).toBe(one.value);
  one.release();
  two.release();
  const three = await cache.acquire('a', make);
  expect(three.value).toBe(one.value);
  expect(three.value.closed).toBe(0);
});

test('what falls out is closed once, when its last user is gone', async () => {
  const cache = new SharedCache<Thing>(1);
  const used = await cache.acquire('a', make);
  const unused = await cache.acquire('b', make);
  unused.release();
  await cache.acquire('c', make);
  expect([used.value.closed, unused.value.closed]).toEqual([0, 1]);
  used.release();
  used.release();
  expect(used.value.closed).toBe(1);
  expect((await cache.acquire('a', make)).value).not.toBe(used.value);
});

test('what its last user and the cache let go in the same turn is closed once', async () => {
  const cache = new SharedCache<Thing>(1);
  const { value, release } = await cache.acquire('a', make);
  const clearing = cache.clear();
  release();
  await clearing;
  expect(value.closed).toBe(1);
});

test('what failed to be made is made again', async () => {
  const cache = new SharedCache<Thing>(2);
  await expect(cache.acquire('a', () => Promise.reject(new Error('no model')))).rejects.toThrow('no model');
  expect((await cache.acquire('a', make)).value).toBeInstanceOf(Thing);
});

test('clearing closes what nobody uses, and the rest when it is released', async () => {
  const cache = new SharedCache<Thing>(2);
  const [used, unused] = [await cache.acquire('a', make), await cache.acquire('b', make)];
  unused.release();
  await cache.clear();
  expect([used.value.closed, unused.value.closed]).toEqual([0, 1]);
  used.release();
  expect(used.value.closed).toBe(1);
});
