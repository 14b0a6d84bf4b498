import { expect, test } from 'vitest';
import { countText, differenceText, durationText, estimateText, metricText, shareText } from './figure-text.ts';

test.each([
  [countText(1_234_567.4), '1,234,567'],
  [countText(Number.NaN), '–'],
  [metricText(0.85678, 'test-accuracy'), '0.8568'],
  [metricText(12.345, 'loss'), '12.35'],
  [metricText(4.1234e12, 'loss'), '4.1e+12'],
  [metricText(Number.NaN, 'loss'), 'NaN'],
  [metricText(undefined, 'loss'), '–'],
  [differenceText(-0.0031, 'accuracy'), '−0.0031'],
  [differenceText(0.012, 'accuracy'), '+0.0120'],
  [estimateText({ mean: 0.8, halfWidth: 0.01, count: 3 }, 'accuracy'), '0.8000 ± 0.0100'],
  [estimateText({ mean: 0.8, halfWidth: undefined, count: 1 }, 'accuracy'), '0.8000'],
  [shareText(0.9314), '93.1 %'],
  [shareText(0 / 0), '–'],
  [durationText(0.0421), '0.042 s'],
  [durationText(12.34), '12.3 s'],
  [durationText(65), '1 min 5 s'],
  [durationText(3599.7), '1 h 0 min'],
  [durationText(7380), '2 h 3 min'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
