import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { chooseTogether } from './choose-together.ts';

const refuse = (message: string) => (): never => {
  throw new WeftError('invalid-argument', message);
};

test('what each gives comes in order', () => {
  expect(
    chooseTogether<[number, string]>(
      () => 1,
      () => 'two',
    ),
  ).toEqual([1, 'two']);
});

test('the problems of all come as one', () => {
  expect(() => chooseTogether(refuse('first'), () => 2, refuse('third'))).toThrow('first\nthird');
});

test('what is no problem of the settings is thrown on', () => {
  const fail = (): never => {
    throw new Error('a bug');
  };
  expect(() => chooseTogether(refuse('first'), fail)).toThrow('a bug');
});
