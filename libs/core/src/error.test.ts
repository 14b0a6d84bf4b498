import { expect, test } from 'vitest';
import { describeError, invariant, WeftError } from './error.ts';

test('a description has the causes, each said once', () => {
  const cause = new Error('connection refused');
  expect(describeError(new WeftError('unavailable', 'no answer', { cause }))).toBe('no answer: connection refused');
  expect(describeError(new WeftError('unavailable', 'connection refused by peer', { cause }))).toBe(
    'connection refused by peer',
  );
  expect(describeError(new Error('a', { cause: new Error('b', { cause: 'c' }) }))).toBe('a: b: c');
  expect(describeError(undefined)).toBe('undefined');
});

test('a broken invariant is a bug, not a WeftError', () => {
  expect(() => invariant(false, 'one is two')).toThrow('invariant violated: one is two');
  expect(() => invariant(true, 'one is one')).not.toThrow();
});
