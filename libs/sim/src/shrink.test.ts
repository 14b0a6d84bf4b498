import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shrink } from './shrink.ts';

test('what is left is what is needed, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 40 }), fc.array(fc.nat({ max: 40 }), { maxLength: 4 }), async (count, wanted) => {
      const needed = [...new Set(wanted.filter((item) => item < count))].sort((a, b) => a - b);
      const fails = (items: readonly number[]): Promise<boolean> =>
        Promise.resolve(needed.every((item) => items.includes(item)));
      expect(await shrink([...Array(count).keys()], fails)).toEqual(needed);
    }),
  );
});
