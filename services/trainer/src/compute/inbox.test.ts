import { expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

test('items come out in the order in which they went in, whoever was first', async () => {
  const inbox = new Inbox<number>();
  const awaited = inbox.take();
  for (const item of [1, 2, 3]) inbox.put(item);
  expect(await awaited).toBe(1);
  expect(await inbox.take()).toBe(2);
  expect(await inbox.take()).toBe(3);
});

test('there is mail exactly while an item waits that nobody has taken', async () => {
  const inbox = new Inbox<string>();
  expect(inbox.hasMail).toBe(false);
  inbox.put('a');
  expect(inbox.hasMail).toBe(true);
  await inbox.take();
  expect(inbox.hasMail).toBe(false);
  const awaited = inbox.take();
  inbox.put('b');
  expect(inbox.hasMail).toBe(false);
  expect(await awaited).toBe('b');
});
