import { expect, test } from 'vitest';
import { count, counts, models, positive } from './option-values.ts';

test('values are read as what the option takes', () => {
  expect(positive('seconds', '0.5')).toBe(0.5);
  expect(count('rounds', '3')).toBe(3);
  expect(counts('trainers', '1, 2')).toEqual([1, 2]);
  expect(models('models', 'initial-nn,vgg16')).toEqual(['initial-nn', 'vgg16']);
});

test.each([
  ['positive', () => positive('seconds', '0'), '--seconds: "0" is not a positive number'],
  ['count', () => count('rounds', '1.5'), '--rounds: "1.5" is not an integer of at least 1'],
  ['counts', () => counts('trainers', '1,'), '--trainers: "" is not an integer of at least 1'],
  ['models', () => models('models', 'resnet'), '--models: "resnet" is no architecture'],
])('%s names the option, the value and the rule', (_, read, message) => {
  expect(read).toThrow(message);
});
