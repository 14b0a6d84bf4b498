import process from 'node:process';
import { expect, test } from 'vitest';
import { peakMemoryMiB, residentMemoryMiB } from './process-memory.ts';

test.runIf(process.platform === 'linux')('what this process holds is not nothing, and no more than its peak', () => {
  const before = process.memoryUsage().rss / 2 ** 20;
  const resident = residentMemoryMiB(process.pid);
  const peak = peakMemoryMiB(process.pid);
  // Resident sets are counted in batches of pages.
  expect(peak).toBeGreaterThan(before * 0.95);
  expect(peak).toBeGreaterThan(resident * 0.95);
  expect(resident).toBeGreaterThan(10);
});

test('of a process that is not there, nothing is known', () => {
  expect(peakMemoryMiB(2 ** 30)).toBeNaN();
  expect(residentMemoryMiB(2 ** 30)).toBeNaN();
});
