import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPruner } from './create-pruner.ts';
import { CurveBook } from './curve-book.ts';
import type { Curve } from './pruner.ts';
import { requestOf } from './pruning-request.fixture.ts';

const losses = fc.oneof(fc.constantFrom(0, 1, 2, Number.NaN, Infinity), fc.double({ noNaN: true }));
/** What happens to the trial `which` of those that are running: another epoch, or its end. A new one begins every now and then. */
const events = fc.array(
  fc.record({
    kind: fc.constantFrom('begin', 'epoch', 'epoch', 'epoch', 'complete', 'ask'),
    which: fc.nat(),
    loss: losses,
  }),
  { maxLength: 120 },
);

test('rankings, whenever they are asked for first, are those of a sort of all curves', () => {
  const pruner = createPruner('hyperband');
  fc.assert(
    fc.property(events, fc.nat(), (happenings, seed) => {
      const book = new CurveBook((trial) => pruner.groupOf({ trial, maxEpochs: 9, seed }));
      const curves: { trial: number; losses: number[]; state: Curve['state'] }[] = [];
      for (const { kind, which, loss } of happenings) {
        const running = curves.filter(({ state }) => state === 'running');
        const curve = running[which % Math.max(1, running.length)];
        if (kind === 'begin' || curve === undefined) {
          const begun = { trial: curves.length, losses: [], state: 'running' as const };
          curves.push(begun);
          book.begin(begun);
        } else if (kind === 'epoch' || curve.losses.length === 0) {
          curve.losses.push(loss);
          book.grown(curve);
        } else if (kind === 'complete') {
          curve.state = 'complete';
          book.completed(curve);
        }
        for (const trial of curves.keys()) {
          const plain = requestOf(pruner, curves, trial, { maxEpochs: 9, seed }).peers;
          for (const among of ['all', 'complete'] as const) {
            const epoch = 1 + (which % 4);
            const [kept, sorted] = [book.peersOf(trial).after(epoch, among), plain.after(epoch, among)];
            expect(kept.count).toBe(sorted.count);
            expect(kept.at(which % 7)).toBe(sorted.at(which % 7));
            expect(kept.countBelow(loss)).toBe(sorted.countBelow(loss));
          }
        }
      }
      expect(book.curves).toEqual(curves);
    }),
    { numRuns: 40 },
  );
});
