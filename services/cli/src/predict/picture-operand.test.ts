import { expect, test } from 'vitest';
import { pictureRequests } from './picture-operand.ts';

test.each([
  ['shoe.png', ['file shoe.png']],
  ['./test:1', ['file ./test:1']],
  ['test:17', ['example test:17']],
  ['test:8-10', ['example test:8', 'example test:9', 'example test:10']],
  ['test:9-8', ['nothing test:9-8']],
  ['test:', ['nothing test:']],
  ['test:-1', ['nothing test:-1']],
  ['test:0-99999999', ['nothing test:0-99999999']],
])('%s asks for %j', (operand, expected) => {
  expect(pictureRequests(operand).map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
});
