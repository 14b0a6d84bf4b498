import { expect, test } from 'vitest';
import { fashionClassNames, fashionShape, type ExampleSplit } from './data-set.ts';
import { identityOf, type UnnamedContent } from './identity.ts';
import { placeBytes } from './shared-bytes.ts';

function part(salt: number): ExampleSplit {
  return {
    images: new Uint8Array(2 * 784).fill(salt),
    labels: Uint8Array.of(salt, salt),
    count: 2,
    exampleSize: 784,
  };
}

const content: UnnamedContent = {
  name: 'synthetic-fashion',
  train: part(1),
  test: part(2),
  classNames: fashionClassNames,
  inputShape: fashionShape,
};

test('an identity is a SHA-256 that repeats', () => {
  expect(identityOf(content)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(identityOf({ ...content, train: part(1) })).toBe(identityOf(content));
});

test('shared memory with the same bytes has the same identity', () => {
  const train = { ...part(1), images: placeBytes(part(1).images, true) };
  expect(train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(identityOf({ ...content, train })).toBe(identityOf(content));
});

test.each<{ name: string; changed: UnnamedContent; parameters?: Record<string, number> }>([
  { name: 'a training image', changed: { ...content, train: { ...part(1), images: part(3).images } } },
  { name: 'a test label', changed: { ...content, test: { ...part(2), labels: Uint8Array.of(2, 3) } } },
  { name: 'which part is which', changed: { ...content, train: content.test, test: content.train } },
  { name: 'a class name', changed: { ...content, classNames: [...fashionClassNames.slice(1), 'hat'] } },
  { name: 'the shape', changed: { ...content, inputShape: [784, 1, 1] } },
  { name: 'the name', changed: { ...content, name: 'fashion-mnist' } },
  { name: 'a parameter of the generator', changed: content, parameters: { seed: 1 } },
])('$name is part of the identity', ({ changed, parameters }) => {
  expect(identityOf(changed, parameters)).not.toBe(identityOf(content));
});
