import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { optionRules } from './option-rules.ts';
import { defaultLearningRates, optimizerDefaults, optimizerNames } from './optimizer-defaults.ts';
import { parseOptimizer } from './parse-optimizer.ts';

function problemsOf(name: string, overrides: Readonly<Record<string, unknown>>): string[] {
  try {
    parseOptimizer(name, overrides);
  } catch (error) {
    if (error instanceof WeftError && error.code === 'invalid-argument') return error.message.split('\n');
    throw error;
  }
  return [];
}

test.each(optimizerNames)('%s without overrides is its defaults, which keep their own rules', (name) => {
  const spec = parseOptimizer(name);
  expect(spec).toEqual(optimizerDefaults[name]);
  expect(parseOptimizer(name, Object.fromEntries(Object.entries(spec).filter(([key]) => key !== 'name')))).toEqual(
    spec,
  );
  expect(defaultLearningRates[name]).toBeGreaterThan(0);
});

test('every option of every optimizer has a rule, and every rule is used', () => {
  const options = optimizerNames.flatMap((name) =>
    Object.keys(optimizerDefaults[name]).filter((key) => key !== 'name'),
  );
  expect([...new Set(options)].sort()).toEqual(Object.keys(optionRules).sort());
});

test('overrides replace defaults, as values or as text', () => {
  const expected = { ...optimizerDefaults.sgd, momentum: 0.9, nesterov: true };
  expect(parseOptimizer('sgd', { momentum: 0.9, nesterov: true })).toEqual(expected);
  expect(parseOptimizer('sgd', { momentum: '0.9', nesterov: 'true' })).toEqual(expected);
  expect(parseOptimizer('adam', { epsilon: '1e-8' })).toEqual({ ...optimizerDefaults.adam, epsilon: 1e-8 });
});

test('an unknown optimizer is answered with the nearest name', () => {
  expect(problemsOf('adamm', {})).toEqual([
    'optimizer "adamm" is unknown (did you mean adam?): choose one of ' + optimizerNames.join(', '),
  ]);
  expect(problemsOf('constructor', {})[0]).toContain('optimizer "constructor" is unknown');
});

test('all problems are listed together, each with option, value and rule', () => {
  expect(problemsOf('adam', { beta_1: 0.8, beta2: 1, epsilon: 0, amsgrad: 1, weightDecay: 'much' })).toEqual([
    'adam has no option "beta_1" (did you mean beta1?); it has beta1, beta2, epsilon, amsgrad, weightDecay, globalClipNorm',
    'adam: beta2 is 1, but must be a number of at least 0 and less than 1',
    'adam: epsilon is 0, but must be a number greater than 0 and not lost in float32 (at least 1e-30)',
    'adam: amsgrad is 1, but must be true or false',
    'adam: weightDecay is much, but must be a number of at least 0',
  ]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, null, '', {}])('a momentum of %s is refused', (momentum) => {
  expect(problemsOf('sgd', { momentum })).toHaveLength(1);
});

test('nesterov without momentum is refused', () => {
  expect(problemsOf('sgd', { nesterov: true })).toEqual(['sgd: nesterov needs a momentum greater than 0']);
});
