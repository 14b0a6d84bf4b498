import type { Clock } from '@weft/core';
import { expect, test } from 'vitest';
import { StallWatch } from './stall-watch.ts';

/** A watch with a limit of 10 s, and the looks that it takes, one a second. */
function watched() {
  let look: (() => void) | undefined;
  const clock: Clock = {
    nowMs: () => 0,
    after: () => () => undefined,
    every: (intervalMs, action) => {
      expect(intervalMs).toBe(1000);
      look = action;
      return () => {
        look = undefined;
      };
    },
    soon: setImmediate,
  };
  const seen = { asked: 0, stalled: 0 };
  const watch = new StallWatch({
    clock,
    limitMs: 10_000,
    ask: () => seen.asked++,
    stalled: () => seen.stalled++,
  });
  return { watch, seen, looks: (count: number) => Array.from({ length: count }).forEach(() => look?.()) };
}

test('a thread that answers is asked again and again', () => {
  const { watch, seen, looks } = watched();
  for (let round = 0; round < 5; round++) {
    looks(10);
    watch.answered();
  }
  expect(seen).toEqual({ asked: 5, stalled: 0 });
});

test('a question that is open for the limit is told, once', () => {
  const { seen, looks } = watched();
  looks(10);
  expect(seen).toEqual({ asked: 1, stalled: 0 });
  looks(1);
  expect(seen.stalled).toBe(1);
  looks(100);
  expect(seen).toEqual({ asked: 1, stalled: 1 });
});

test('a watch that is closed asks nothing', () => {
  const { watch, seen, looks } = watched();
  watch.close();
  looks(20);
  expect(seen).toEqual({ asked: 0, stalled: 0 });
});
