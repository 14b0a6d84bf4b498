import { philoxBlock, WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { dropoutCounter, keepThreshold, type DropoutKey } from './dropout-counter.ts';
import { fillDropoutMask } from './dropout-mask.ts';

const key: DropoutKey = { seed: 2 ** 40 + 12345, epoch: 3, step: 411, chunk: 2, layer: 1 };

function mask(of: DropoutKey, rate: number, length: number): Uint8Array {
  const out = new Uint8Array(length).fill(7);
  fillDropoutMask(of, rate, out);
  return out;
}

/** Element i by the definition: gathers its whole 16-bit lane and compares. */
function keepByDefinition(of: DropoutKey, rate: number, i: number): number {
  const { counter1, counter2, counter3, key0, key1 } = dropoutCounter(of);
  const block = new Uint32Array(4);
  let lane = 0;
  for (let j = 0; j < 16; j++) {
    philoxBlock(Math.floor(i / 128) * 16 + j, counter1, counter2, counter3, key0, key1, block);
    const position = i % 128;
    lane = lane * 2 + (((block[Math.floor(position / 32)] ?? 0) >>> (position % 32)) & 1);
  }
  return lane < keepThreshold(rate) ? 1 : 0;
}

test.each([0, 0.1, 0.2, 0.25, 0.3, 0.5, 0.75, 0.999, 0.99999])(
  'an element is kept where its 16-bit lane is below the threshold of rate %d',
  (rate) => {
    const length = 3 * 128 + 17;
    const expected = Uint8Array.from({ length }, (_, i) => keepByDefinition(key, rate, i));
    expect(mask(key, rate, length)).toEqual(expected);
  },
);

test('an element does not depend on the length of the mask', () => {
  const long = mask(key, 0.3, 2000);
  for (const length of [0, 1, 15, 16, 127, 128, 129, 1000])
    expect(mask(key, 0.3, length)).toEqual(long.slice(0, length));
});

test('a mask from an offset on is the end of the whole mask', () => {
  const whole = mask(key, 0.3, 2000);
  for (const offset of [1, 127, 128, 129, 1999]) {
    const end = new Uint8Array(2000 - offset);
    fillDropoutMask(key, 0.3, end, offset);
    expect(end).toEqual(whole.slice(offset));
  }
});

test('masks whose keys differ in any field are different and uncorrelated', () => {
  const length = 20_000;
  const reference = mask(key, 0.5, length);
  const others: DropoutKey[] = [
    { ...key, seed: key.seed + 1 },
    { ...key, seed: key.seed + 2 ** 32 },
    { ...key, epoch: 4 },
    { ...key, step: 412 },
    { ...key, chunk: 3 },
    { ...key, layer: 2 },
  ];
  for (const other of others) {
    const agreeing = mask(other, 0.5, length).reduce((sum, value, i) => sum + (value === reference[i] ? 1 : 0), 0);
    expect(Math.abs(agreeing / length - 0.5)).toBeLessThan(0.02);
  }
});

test.each([0.1, 0.25, 0.4, 0.5, 0.9])('a rate of %d drops that share of elements', (rate) => {
  const length = 200_000;
  const kept = mask(key, rate, length).reduce((sum, value) => sum + value, 0);
  expect(Math.abs(kept / length - (1 - rate))).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / length));
});

test('neighbouring elements are independent', () => {
  const values = mask(key, 0.3, 200_000);
  for (const lag of [1, 2, 31, 32, 127, 128]) {
    let both = 0;
    for (let i = lag; i < values.length; i++) both += (values[i] ?? 0) & (values[i - lag] ?? 0);
    expect(Math.abs(both / (values.length - lag) - 0.49)).toBeLessThan(0.005);
  }
});

test.each([-0.1, 1, 1.5, Number.NaN])('a rate of %d is refused', (rate) => {
  expect(() => {
    mask(key, rate, 8);
  }).toThrow(WeftError);
});

test('a key that does not fit the counter is a bug', () => {
  for (const bad of [{ seed: 2 ** 48 }, { epoch: 2 ** 20 }, { layer: 4096 }, { step: -1 }, { chunk: 0.5 }]) {
    expect(() => mask({ ...key, ...bad }, 0.5, 8)).toThrow('dropout key');
  }
});
