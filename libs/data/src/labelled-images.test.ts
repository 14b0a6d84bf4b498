import { expect, test } from 'vitest';
import { idxBytes, imagesFile, labelsFile } from './idx.fixture.ts';
import { parseIdx } from './idx.ts';
import { joinImagesAndLabels, type NamedIdx } from './labelled-images.ts';

function named(file: string, bytes: Uint8Array): NamedIdx {
  return { file, array: parseIdx(bytes, file) };
}

test('images and labels of one count are joined without a copy', () => {
  const images = named('images', imagesFile(12, 1));
  const labels = named('labels', labelsFile(12, 0));
  const split = joinImagesAndLabels(images, labels);
  expect(split).toMatchObject({ count: 12, exampleSize: 784 });
  expect(split.images).toBe(images.array.values);
  expect(split.labels).toBe(labels.array.values);
});

test.each([
  {
    name: 'images of another size',
    images: idxBytes([2, 32, 32], new Uint8Array(2048)),
    labels: labelsFile(2, 0),
    says: 'images: has shape 2 x 32 x 32; images are count x 28 x 28',
  },
  {
    name: 'labels in the place of images',
    images: labelsFile(2, 0),
    labels: labelsFile(2, 0),
    says: 'images: has shape 2;',
  },
  {
    name: 'fewer labels than images',
    images: imagesFile(3, 0),
    labels: labelsFile(2, 0),
    says: 'labels: has shape 2; images has 3 images',
  },
  {
    name: 'a label that is no class',
    images: imagesFile(3, 0),
    labels: idxBytes([3], Uint8Array.of(1, 9, 10)),
    says: 'labels: label 2 is 10; labels are below 10',
  },
])('$name: refused', ({ images, labels, says }) => {
  expect(() => joinImagesAndLabels(named('images', images), named('labels', labels))).toThrow(says);
});
