import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignmentText } from './assignment-text.ts';

test('reads like settings', () => {
  const assignment = new Map<string, string | number | boolean>([
    ['optimizer', 'sgd'],
    ['learning_rate', 1e-3],
    ['nesterov', true],
    ['my own, name=', '"'],
  ]);
  expect(assignmentText(assignment)).toBe('learning_rate=0.001, "my own, name="="\\"", nesterov=true, optimizer="sgd"');
  expect(assignmentText(new Map())).toBe('');
});

const value = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
);
const entries = fc.uniqueArray(fc.tuple(fc.string(), value), { selector: ([name]) => name, maxLength: 4 });

test('the order in which values were set does not change it, anything else does', () => {
  fc.assert(
    fc.property(entries, entries, (some, others) => {
      expect(assignmentText(new Map(some.toReversed()))).toBe(assignmentText(new Map(some)));
      const same =
        some.length === others.length && some.every(([name, own]) => others.some((o) => o[0] === name && o[1] === own));
      expect(assignmentText(new Map(some)) === assignmentText(new Map(others))).toBe(same);
    }),
  );
});
