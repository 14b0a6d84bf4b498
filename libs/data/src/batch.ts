/** Examples laid out as an engine reads them: rows of bytes and 32-bit class numbers, contiguous. */
import { invariant, type ExampleRange } from '@weft/core';
import type { ExampleSplit } from './data-set.ts';

/** Bytes of a line of the processor's caches. */
const lineBytes = 64;
/** Rows are fetched so many bytes at a time: they stay in the processor's second cache until they are copied. */
const fetchedBytes = 128 * 1024;

/**
 * Copies the examples at positions `range` of `order` into the first rows of `inputs` and the first elements of `targets`.
 *
 * `order` holds example numbers of `examples` (a permutation of an epoch). `inputs` has room for at least
 * `(range.end - range.first) * examples.exampleSize` bytes, `targets` for `range.end - range.first` class numbers; what lies
 * beyond stays untouched, so buffers for the largest batch serve every batch.
 */
export function gatherExamples(
  examples: ExampleSplit,
  order: Uint32Array,
  range: ExampleRange,
  inputs: Uint8Array,
  targets: Int32Array,
): void {
  const { images, labels, exampleSize } = examples;
  const count = range.end - range.first;
  invariant(range.first >= 0 && count >= 0 && range.end <= order.length, 'a batch lies within the permutation');
  invariant(inputs.length >= count * exampleSize && targets.length >= count, 'a batch fits into its buffers');
  const rowsFetched = Math.max(1, Math.floor(fetchedBytes / exampleSize));
  for (let first = 0; first < count; first += rowsFetched) {
    const end = Math.min(count, first + rowsFetched);
    let bits = 0;
    for (let row = first; row < end; row++)
      bits |= bitsOfLines(images, (order[range.first + row] ?? 0) * exampleSize, exampleSize);
    invariant(bits >= 0, 'bytes have no sign');
    for (let row = first; row < end; row++) {
      const example = order[range.first + row] ?? examples.count;
      invariant(example < examples.count, 'a permutation names examples of its split only');
      const from = example * exampleSize;
      inputs.set(images.subarray(from, from + exampleSize), row * exampleSize);
      targets[row] = labels[example] ?? 0;
    }
  }
}

/**
 * Reads a byte of each cache line of a row. Rows lie all over the data set's memory: reads that do not wait for one another bring
 * them into the cache together, which takes less than half the time of copying them one by one. What it returns is only there so
 * that no compiler leaves the reads out.
 */
function bitsOfLines(images: Uint8Array, from: number, length: number): number {
  let bits = 0;
  for (let at = from; at < from + length; at += lineBytes) bits |= images[at] ?? 0;
  return bits;
}

/** Rows for an engine. `inputs` may be a view of the data set: read only. */
export interface ContiguousExamples {
  readonly inputs: Uint8Array;
  readonly targets: Int32Array;
}

/** The examples `range` of `examples` in their own order, for evaluation: images are a view, class numbers a fresh array. */
export function contiguousExamples(examples: ExampleSplit, range: ExampleRange): ContiguousExamples {
  const { first, end } = range;
  invariant(first >= 0 && first <= end && end <= examples.count, 'an evaluation range lies within its split');
  const { images, labels, exampleSize } = examples;
  return {
    inputs: images.subarray(first * exampleSize, end * exampleSize),
    targets: Int32Array.from(labels.subarray(first, end)),
  };
}
