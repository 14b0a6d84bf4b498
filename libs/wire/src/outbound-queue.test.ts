import { expect, test } from 'vitest';
import { OutboundQueue } from './outbound-queue.ts';

/** A stream that takes `room` messages and then is full until it is drained. */
function narrowStream(room: number) {
  const taken: string[] = [];
  let free = room;
  let wake: (() => void) | undefined;
  return {
    taken,
    sendEncoded: (message: Buffer): boolean => {
      taken.push(message.toString());
      return --free > 0;
    },
    drained: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    drain: async () => {
      free = room;
      wake?.();
      await Promise.resolve();
    },
  };
}

test('messages go out in the order of the calls, none past a full stream', async () => {
  const stream = narrowStream(2);
  const queue = new OutboundQueue(stream);
  const events: string[] = [];
  queue.sendAll(
    ['a1', 'a2', 'a3'].map((text) => Buffer.from(text)),
    () => events.push('a sent'),
  );
  queue.send(Buffer.from('b'));
  expect(stream.taken).toEqual(['a1', 'a2']);
  expect(events).toEqual([]);
  await stream.drain();
  expect(stream.taken).toEqual(['a1', 'a2', 'a3', 'b']);
  expect(events).toEqual(['a sent']);
});

test('a stream with room takes a message at once', () => {
  const stream = narrowStream(10);
  new OutboundQueue(stream).send(Buffer.from('now'));
  expect(stream.taken).toEqual(['now']);
});
