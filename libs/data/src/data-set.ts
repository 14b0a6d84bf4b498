/** What a data set is: named examples in two parts, and an identity that says exactly which bytes they are. */

/** The data sets that can be asked for by name. */
export const dataSetNames = ['fashion-mnist', 'synthetic-fashion'] as const;

export type DataSetName = (typeof dataSetNames)[number];

/**
 * Examples in a fixed order, one row of `exampleSize` bytes and one class number each.
 *
 * `images` has `count * exampleSize` bytes, row-major within an example; `labels` has `count`. Both may be views of larger
 * buffers, and may be backed by a `SharedArrayBuffer`. Nobody writes to them after the data set is made.
 */
export interface ExampleSplit {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  readonly count: number;
  /** Bytes of one example. */
  readonly exampleSize: number;
}

/** Labelled images, in memory. */
export interface DataSet {
  readonly name: DataSetName;
  /**
   * `sha256:` and 64 hexadecimal digits over the content of all examples (see `identityOf`). Two processes train on the
   * same data if and only if their identities are equal.
   */
  readonly identity: string;
  /** Where the examples came from, for people: a directory, or the parameters of a generator. Not part of the identity. */
  readonly origin: string;
  readonly train: ExampleSplit;
  readonly test: ExampleSplit;
  /** The meaning of each class number, in order. */
  readonly classNames: readonly string[];
  /** Height, width and channels of an example; their product is its size in bytes. */
  readonly inputShape: readonly [number, number, number];
}

/** The ten classes of Fashion-MNIST, by class number. The synthetic set draws the same ten. */
export const fashionClassNames = [
  't-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const;

/** Height, width and channels of an image of either fashion data set. */
export const fashionShape = [28, 28, 1] as const;

/** Bytes of one image of either fashion data set. */
export const fashionImageBytes = 784;
