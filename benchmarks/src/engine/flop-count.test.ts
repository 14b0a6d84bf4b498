import { architecture } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { trainingFlops } from './flop-count.ts';
import { productLayers } from './product-layers.ts';

test('the first layer has no gradient by its input', () => {
  expect(trainingFlops([{ kernelSize: 10, positions: 1 }])).toBe(40);
  expect(
    trainingFlops([
      { kernelSize: 10, positions: 3 },
      { kernelSize: 5, positions: 1 },
    ]),
  ).toBe(2 * 2 * 10 * 3 + 3 * 2 * 5);
});

test('the layers of the simple CNN are two convolutions on 26 and 11 pixels a side, and two dense layers', () => {
  expect(productLayers(architecture('simple-cnn').build())).toEqual([
    { kernelSize: 3 * 3 * 1 * 32, positions: 26 * 26 },
    { kernelSize: 3 * 3 * 32 * 64, positions: 11 * 11 },
    { kernelSize: 1600 * 128, positions: 1 },
    { kernelSize: 128 * 10, positions: 1 },
  ]);
});

test('dropout and normalization add nothing to the count', () => {
  const flops = (name: string): number => trainingFlops(productLayers(architecture(name).build()));
  expect(flops('dropout-ann')).toBe(flops('deep-ann'));
  expect(flops('initial-nn')).toBe(4 * 784 * 32 + 6 * 32 * 10);
  expect(flops('deep-cnn-bn')).toBe(
    4 * 9 * 32 * 784 + 6 * (9 * 32 * 32 * 784 + (9 * 32 * 64 + 9 * 64 * 64) * 196 + 3136 * 512 + 512 * 10),
  );
});
