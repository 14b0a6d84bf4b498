/** Dropout masks: which elements a dropout layer keeps, as bits drawn by key and never as floats. */
import { dropoutCounter, keepThreshold, type DropoutKey } from './dropout-counter.ts';
import { fillVectorMask } from './vector-mask.ts';

/**
 * Fills `out` with the mask of one dropout layer over one chunk, from element `offset` on: 1 keeps the element, 0 drops it.
 *
 * Element i is a pure function of (key, rate, i), whatever `offset` and `out.length` are; the order is row-major over the chunk's elements.
 * An element is kept with probability `1 - rate`, rounded to a multiple of 2^-16; the caller scales by `1 / (1 - rate)`.
 * Throws `invalid-argument` unless 0 <= rate < 1.
 */
export function fillDropoutMask(key: DropoutKey, rate: number, out: Uint8Array, offset = 0): void {
  fillVectorMask(dropoutCounter(key), keepThreshold(rate), out, offset);
}
