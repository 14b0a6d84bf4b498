import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import type { CommittedStepReport, ComputeReport } from './commands.ts';
import { StepFacts } from './step-facts.ts';
import { StepReports } from './step-reports.ts';

const factAt = (position: number): CommittedStepReport => ({
  position,
  loss: position / 3,
  correct: position % 128,
  gradientDigest: new Uint8Array(32).fill(position % 251),
});

const factsOf = (first: number, end: number): CommittedStepReport[] =>
  Array.from({ length: end - first }, (_, at) => factAt(first + at));

test.each([
  { first: 0, end: 0 },
  { first: 0, end: 3 },
  { first: 7, end: 519 },
  { first: 422, end: 2000 },
])('steps $first to $end are told as they were noted, from any position on', ({ first, end }) => {
  const facts = new StepFacts();
  const noted = factsOf(first, end);
  for (const fact of noted) facts.add(fact);
  for (const position of [0, first, first + 2, end - 1, end, end + 1]) {
    expect(facts.since(position)).toEqual(noted.filter((fact) => fact.position >= position));
  }
});

test('a step that is not finite says what was not, and the gang after it begins anew', () => {
  const facts = new StepFacts();
  const failed = { ...factAt(5), loss: NaN, nonFinite: { loss: false, variable: 'hidden/kernel' } };
  facts.add(factAt(4));
  facts.add(failed);
  expect(facts.since(0)).toEqual([factAt(4), failed]);
  facts.clear();
  facts.add(factAt(2));
  expect(facts.since(0)).toEqual([factAt(2)]);
});

test('what was told stays as it is when another gang uses the buffers', () => {
  const facts = new StepFacts();
  facts.add(factAt(1));
  const told = facts.since(0);
  facts.clear();
  facts.add(factAt(9));
  expect(told).toEqual([factAt(1)]);
});

/** Typed arrays and other objects that are alive after a collection. */
function aliveNow(): { readonly tensors: number; readonly objects: number } {
  // The constructor that all typed arrays inherit from.
  const typedArray = Object.getPrototypeOf(Uint8Array) as new () => object;
  return { tensors: queryObjects(typedArray, { format: 'count' }), objects: queryObjects(Object, { format: 'count' }) };
}

test('10 000 steps of one gang leave no object behind', () => {
  let nowMs = 0;
  let reported = 0;
  const reports = new StepReports(
    () => (nowMs += 7),
    (report: ComputeReport) => {
      if (report.kind === 'committed-steps') reported += report.steps.length;
    },
  );
  reports.begin();
  const run = (first: number, end: number): void => {
    for (let position = first; position < end; position++) {
      reports.note(factAt(position));
      reports.send('r', 1, position === end - 1);
    }
  };
  run(0, 1000);
  const before = aliveNow();
  run(1000, 11_000);
  const after = aliveNow();
  expect(reported).toBe(11_000);
  // A hundredth of an object a step: the runner itself holds a few more or less.
  expect(after.tensors - before.tensors).toBeLessThan(100);
  expect(after.objects - before.objects).toBeLessThan(100);
});
