import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPruner } from './create-pruner.ts';
import { defaultPrunerSettings, problemsOfPrunerSettings, prunerNames } from './pruner-settings.ts';
import type { Curve, PruningSubject } from './pruner.ts';
import { requestOf } from './pruning-request.fixture.ts';

const maxEpochs = 12;
const loss = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 1e300) },
);
const others: fc.Arbitrary<Curve[]> = fc
  .array(
    fc.record({
      losses: fc.array(loss, { maxLength: maxEpochs }),
      state: fc.constantFrom('running', 'complete', 'pruned', 'diverged', 'excused'),
    }),
    { maxLength: 20 },
  )
  .map((curves) => curves.map((curve, trial): Curve => ({ ...curve, trial })));
const own = fc.array(loss, { minLength: 1, maxLength: maxEpochs - 1 });
const seeds = fc.integer({ min: 0, max: 2 ** 48 - 1 });

/** The trial with these losses after all others. */
function joined(curves: readonly Curve[], losses: readonly number[]): Curve[] {
  return [...curves, { trial: curves.length, losses, state: 'running' }];
}

describe.each(prunerNames)('%s', (name) => {
  const eager = {
    ...{ median: { startupTrials: 1 }, percentile: { startupTrials: 1 }, patient: { patience: 2 } },
    ...{ asha: { reductionFactor: 2 }, hyperband: { reductionFactor: 2 }, threshold: { upper: 1 } },
  }[name];
  const pruner = createPruner(name, eager);

  test('has its name, and defaults without problems', () => {
    expect(pruner.name).toBe(name);
    expect(problemsOfPrunerSettings(name, defaultPrunerSettings[name])).toEqual([]);
    expect(createPruner(name).name).toBe(name);
  });

  test('gives equal verdicts on equal requests, with a reason that has numbers, and changes nothing', () => {
    fc.assert(
      fc.property(others, own, seeds, (curves, losses, seed) => {
        const all = joined(curves, losses);
        const before = structuredClone(all);
        const verdict = pruner.judge(requestOf(pruner, all, curves.length, { maxEpochs, seed }));
        expect(['continue', 'stop']).toContain(verdict.kind);
        expect(verdict.reason).toMatch(/\d/);
        expect(pruner.judge(requestOf(pruner, all, curves.length, { maxEpochs, seed }))).toEqual(verdict);
        expect(all).toEqual(before);
      }),
    );
  });

  test('keeps a trial that gets better each epoch and is the best at each', () => {
    fc.assert(
      fc.property(others, fc.integer({ min: 1, max: maxEpochs - 1 }), seeds, (curves, epochs, seed) => {
        const worse = curves.map((curve) => ({ ...curve, losses: curve.losses.map((value) => Math.abs(value)) }));
        const all = joined(
          worse,
          Array.from({ length: epochs }, (_, epoch) => -1 - epoch),
        );
        const verdict = pruner.judge(requestOf(pruner, all, curves.length, { maxEpochs, seed }));
        expect(verdict).toMatchObject({ kind: 'continue' });
      }),
    );
  });

  test('stops what it would stop if it were better', () => {
    fc.assert(
      fc.property(
        others,
        own,
        fc.array(fc.double({ min: 0, max: 3, noNaN: true })),
        seeds,
        (curves, losses, by, seed) => {
          const judge = (curve: readonly number[]): string =>
            pruner.judge(requestOf(pruner, joined(curves, curve), curves.length, { maxEpochs, seed })).kind;
          // Only its last loss: a patient pruner compares a trial with itself.
          const worse = losses.with(-1, (losses.at(-1) ?? 0) + (by[0] ?? 1));
          if (name === 'threshold' && losses.at(-1) === -Infinity) return;
          if (judge(losses) === 'stop') expect(judge(worse)).toBe('stop');
        },
      ),
    );
  });

  test('says by the trial, its length and the seed alone when it decides, and with whom it compares', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 100 }), seeds, (trial, epochs, seed) => {
        const subject: PruningSubject = { trial, maxEpochs: epochs, seed };
        const ofAll = Array.from({ length: epochs }, (_, epoch) => pruner.decidesAfter(epoch + 1, subject));
        expect(Array.from({ length: epochs }, (_, epoch) => pruner.decidesAfter(epoch + 1, { ...subject }))).toEqual(
          ofAll,
        );
        expect(Number.isInteger(pruner.groupOf(subject))).toBe(true);
      }),
    );
  });
});
