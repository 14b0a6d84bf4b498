/**
 * `synthetic-fashion`: a data set that needs no file and no network.
 *
 * Ten classes of garments, drawn as 28 x 28 silhouettes with variation, after Fashion-MNIST in form and difficulty: a
 * stand-in to run and compare, not a source of results about clothes. Example `i` of a part is a function of (seed, part, i)
 * alone, so a smaller set is a prefix of a larger one, and every process makes the same bytes.
 */
import { PhiloxStream, WeftError } from '@weft/core';
import { fashionClassNames, fashionImageBytes, fashionShape, type DataSet, type ExampleSplit } from '../data-set.ts';
import { identityOf, type UnnamedContent } from '../identity.ts';
import { allocateBytes, type SharedOption } from '../shared-bytes.ts';
import { ExampleArtist } from './draw-example.ts';

/** What decides the content of a synthetic data set. */
export interface SyntheticParameters {
  /** An integer in [0, 2^48). */
  readonly seed: number;
  /** Training examples, 1 to 1 000 000. */
  readonly trainCount: number;
  /** Test examples, 1 to 1 000 000. */
  readonly testCount: number;
}

/** Fashion-MNIST's own sizes, and seed 0. */
export const syntheticDefaults: SyntheticParameters = { seed: 0, trainCount: 60_000, testCount: 10_000 };

/** Raised whenever the pictures change, so that the identities of old and new sets differ for a stated reason. */
const drawingVersion = 1;
const maxCount = 1_000_000;
/** The second coordinate of the streams of a part's pictures; its labels use the next one. */
const partStreams = { train: 0, test: 2 } as const;

/** Makes the data set. Throws 'invalid-argument', listing every parameter that is out of range. */
export function openSyntheticFashion(parameters: Partial<SyntheticParameters>, options: SharedOption = {}): DataSet {
  const { seed, trainCount, testCount } = { ...syntheticDefaults, ...parameters };
  const problems = [
    ...checkInteger('seed', seed, 0, 2 ** 48 - 1),
    ...checkInteger('trainCount', trainCount, 1, maxCount),
    ...checkInteger('testCount', testCount, 1, maxCount),
  ];
  if (problems.length > 0) {
    throw new WeftError('invalid-argument', `synthetic-fashion cannot be made: ${problems.join('; ')}`);
  }
  const shared = options.shared ?? false;
  const content: UnnamedContent = {
    name: 'synthetic-fashion',
    train: drawPart(seed, partStreams.train, trainCount, shared),
    test: drawPart(seed, partStreams.test, testCount, shared),
    classNames: fashionClassNames,
    inputShape: fashionShape,
  };
  return {
    ...content,
    identity: identityOf(content, { drawingVersion, seed, trainCount, testCount }),
    origin: `generated: seed ${String(seed)}, ${String(trainCount)} training and ${String(testCount)} test examples`,
  };
}

function checkInteger(name: string, value: number, min: number, max: number): string[] {
  if (Number.isInteger(value) && value >= min && value <= max) return [];
  return [`${name} is ${String(value)}; it must be an integer from ${String(min)} to ${String(max)}`];
}

function drawPart(seed: number, part: number, count: number, shared: boolean): ExampleSplit {
  const images = allocateBytes(count * fashionImageBytes, shared);
  const labels = allocateBytes(count, shared);
  fillLabels(seed, part, labels);
  const artist = new ExampleArtist();
  labels.forEach((label, example) => {
    const from = example * fashionImageBytes;
    const stream = new PhiloxStream(seed, 'syntheticData', part, example);
    artist.draw(label, stream, images.subarray(from, from + fashionImageBytes));
  });
  return { images, labels, count, exampleSize: fashionImageBytes };
}

/** Every ten examples in a row have one of each class, in random order: any tenth of the set is balanced. */
function fillLabels(seed: number, part: number, labels: Uint8Array): void {
  const classes = fashionClassNames.length;
  const deck = new Uint8Array(classes);
  for (let first = 0; first < labels.length; first += classes) {
    const stream = new PhiloxStream(seed, 'syntheticData', part + 1, first);
    for (let i = 0; i < classes; i++) {
      const chosen = stream.below(i + 1);
      deck[i] = deck[chosen] ?? 0;
      deck[chosen] = i;
    }
    labels.set(deck.subarray(0, Math.min(classes, labels.length - first)), first);
  }
}
