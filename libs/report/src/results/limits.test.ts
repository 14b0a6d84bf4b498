import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinned } from './limits.ts';

test('thinning keeps the front, the order and never more than asked for, each at most once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 2, max: 60 }), (length, most) => {
      const items = Array.from({ length }, (_, at) => at);
      const kept = thinned(items, most);
      expect(kept).toHaveLength(Math.min(length, most));
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
      expect(kept.slice(0, Math.floor(most / 2))).toEqual(items.slice(0, Math.floor(most / 2)));
    }),
  );
});
