import { expect, test } from 'vitest';
import { ledgerLink, ledgerOrigin, ledgerText, type LedgerLine } from './ledger.ts';

const line: LedgerLine = {
  position: 423,
  epoch: 1,
  step: 1,
  generation: 2,
  assignments: [
    { trainer: 'trainer-1', chunks: { first: 0, end: 2 } },
    { trainer: 'trainer-2', chunks: { first: 2, end: 4 } },
  ],
  lossSum: 81.25,
  correctCount: 97,
  gradientDigest: 'ab'.repeat(32),
};

test('a line has one canonical text', () => {
  expect(ledgerText(line)).toBe(`[423,1,1,2,[["trainer-1",0,2],["trainer-2",2,4]],81.25,97,"${'ab'.repeat(32)}"]`);
});

test.each(Object.keys(line) as (keyof LedgerLine)[])('a change of %s changes the text', (field) => {
  const changed = { ...line, [field]: field === 'assignments' ? [] : field === 'gradientDigest' ? 'cd' : 5 };
  expect(ledgerText(changed)).not.toBe(ledgerText(line));
});

test('the text to digest binds a line to the digest before it', () => {
  expect(ledgerLink(ledgerOrigin, 'x')).toBe(`${'0'.repeat(64)}\nx`);
});
