import { expect, test } from 'vitest';
import { ledgerText, parseLedgerText, type LedgerLine } from './ledger-line.ts';

const line: LedgerLine = {
  position: 423,
  epoch: 1,
  step: 1,
  generation: 2,
  assignments: [
    { trainer: 'trainer-1', chunks: { first: 0, end: 2 }, attempt: 0 },
    { trainer: 'trainer-2', chunks: { first: 2, end: 4 }, attempt: 1 },
  ],
  samplesDigest: 'ef'.repeat(32),
  lossSum: 81.25,
  correctCount: 97,
  gradientDigest: 'ab'.repeat(32),
};
const text = `[423,1,1,2,[["trainer-1",0,2,0],["trainer-2",2,4,1]],"${'ef'.repeat(32)}",81.25,97,"${'ab'.repeat(32)}"]`;

test('a line has one canonical text, and the text gives the line back', () => {
  expect(ledgerText(line)).toBe(text);
  expect(parseLedgerText(text)).toEqual(line);
});

test.each(Object.keys(line) as (keyof LedgerLine)[])('a change of %s changes the text', (field) => {
  const changed = { ...line, [field]: field === 'assignments' ? [] : field.endsWith('Digest') ? 'cd' : 5 };
  expect(ledgerText(changed)).not.toBe(text);
});

test.each([
  ['a space', text.replace(',', ', ')],
  ['a number written otherwise', text.replace('81.25', '8.125e1')],
  ['a field too many', text.replace(/\]$/, ',0]')],
  ['a field too few', text.replace(/,97,/, ',')],
  ['a negative position', text.replace('[423', '[-423')],
  ['a fractional chunk', text.replace('"trainer-1",0', '"trainer-1",0.5')],
  ['an assignment that is none', text.replace('["trainer-1",0,2,0]', '7')],
  ['an upper-case digest', text.replace('ab', 'AB')],
  ['no digest', text.replace(`"${'ef'.repeat(32)}"`, 'null')],
  ['no JSON', text.slice(1)],
  ['another type', '{}'],
])('%s makes it no line', (_, changed) => {
  expect(changed).not.toBe(text);
  expect(parseLedgerText(changed)).toBeUndefined();
});
