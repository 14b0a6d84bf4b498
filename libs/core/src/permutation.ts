/**
 * The order in which an epoch visits the training examples.
 *
 * A function of (seed, epoch, count) alone, so any process can compute it again at any time: no state travels, and a
 * resumed or re-planned step sees the very examples that it saw before.
 */
import { invariant } from './error.ts';
import { PhiloxStream } from './philox.ts';

/**
 * A uniformly random permutation of [0, count): element `i` is the example at position `i` of epoch `epoch`.
 *
 * Fisher and Yates's shuffle in Durstenfeld's form, drawn from the stream (seed, 'permutation', epoch). `seed` is an integer
 * in [0, 2^48), `epoch` and `count` in [0, 2^32). Returns a fresh buffer, owned by the caller.
 */
export function permutation(seed: number, epoch: number, count: number): Uint32Array<ArrayBuffer> {
  invariant(
    Number.isInteger(count) && count >= 0 && count < 2 ** 32,
    `a permutation needs an integer count in [0, 2^32), got ${String(count)}`,
  );
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const stream = new PhiloxStream(seed, 'permutation', epoch);
  for (let last = count - 1; last > 0; last--) {
    const chosen = stream.below(last + 1);
    const value = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = value;
  }
  return order;
}
