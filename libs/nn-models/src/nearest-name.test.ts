import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const known = ['adam', 'adamw', 'nadam', 'rmsprop'];

test.each([
  ['adm', 'adam'],
  ['AdamW', 'adamw'],
  ['rms-prop', 'rmsprop'],
  ['transformer', undefined],
])('the nearest name to %s is %s', (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});
