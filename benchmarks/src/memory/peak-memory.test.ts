import process from 'node:process';
import { expect, test } from 'vitest';
import { peakMemoryMiB } from './peak-memory.ts';

test.runIf(process.platform === 'linux')('the peak of this process is at least what it holds now', () => {
  const before = process.memoryUsage().rss / 2 ** 20;
  // Resident sets are counted in batches of pages.
  expect(peakMemoryMiB(process.pid)).toBeGreaterThan(before * 0.95);
});

test('of a process that is not there, nothing is known', () => {
  expect(peakMemoryMiB(2 ** 30)).toBeNaN();
});
