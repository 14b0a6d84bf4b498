/** Checks that an IDX array of images and one of labels belong together, and joins them to examples. */
import { WeftError } from '@weft/core';
import { fashionClassNames, fashionImageBytes, fashionShape, type ExampleSplit } from './data-set.ts';
import type { IdxArray } from './idx.ts';

/** An IDX array and the name of the file it came from. */
export interface NamedIdx {
  readonly file: string;
  readonly array: IdxArray;
}

/**
 * The examples of a file of 28 x 28 images and the file of their labels. The result's buffers are those of the arrays.
 * Throws 'corrupt' where the shapes are others, the counts differ, or a label is no class number.
 */
export function joinImagesAndLabels(images: NamedIdx, labels: NamedIdx): ExampleSplit {
  const [count = 0, ...imageShape] = images.array.dimensions;
  const [height, width] = fashionShape;
  if (imageShape.length !== 2 || imageShape[0] !== height || imageShape[1] !== width) {
    const found = images.array.dimensions.join(' x ');
    throw new WeftError(
      'corrupt',
      `${images.file}: has shape ${found}; images are count x ${String(height)} x ${String(width)}`,
    );
  }
  if (labels.array.dimensions.length !== 1 || labels.array.dimensions[0] !== count) {
    const found = labels.array.dimensions.join(' x ');
    throw new WeftError(
      'corrupt',
      `${labels.file}: has shape ${found}; ${images.file} has ${String(count)} images, and each needs one label`,
    );
  }
  const wrong = labels.array.values.findIndex((label) => label >= fashionClassNames.length);
  if (wrong !== -1) {
    throw new WeftError(
      'corrupt',
      `${labels.file}: label ${String(wrong)} is ${String(labels.array.values[wrong])}; ` +
        `labels are below ${String(fashionClassNames.length)}`,
    );
  }
  return { images: images.array.values, labels: labels.array.values, count, exampleSize: fashionImageBytes };
}
