import { expect, test } from 'vitest';
import { growthIn10000Steps } from './growth.ts';

test.each([
  { title: 'what grows evenly', values: [100, 101, 102, 103], growth: 10 },
  { title: 'what stays', values: [100, 100, 100], growth: 0 },
  { title: 'what goes to and fro', values: [100, 104, 104, 100], growth: 0 },
  { title: 'what falls', values: [8, 4], growth: -40 },
])('growth of $title is $growth', ({ values, growth }) => {
  const readings = values.map((value, at) => ({ step: 5000 + at * 1000, value }));
  expect(growthIn10000Steps(readings)).toBeCloseTo(growth, 9);
});

test('one reading tells no growth', () => {
  expect(growthIn10000Steps([{ step: 1000, value: 100 }])).toBeNaN();
});
