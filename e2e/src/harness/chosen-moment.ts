/** Moments that differ from one test run to the next, and can be had again. */
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { PhiloxStream } from '@weft/core';

/**
 * Gives integers in [first, end), drawn from the seed in WEFT_E2E_SEED, else from a random one, which is printed: setting the
 * variable to it repeats all choices of the test called `what`.
 */
export function momentChooser(what: string): (name: string, first: number, end: number) => number {
  const given = process.env['WEFT_E2E_SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  const stream = new PhiloxStream(seed, 'study');
  return (name, first, end) => {
    const chosen = first + stream.below(end - first);
    process.stderr.write(`${what}: ${name} ${String(chosen)} (WEFT_E2E_SEED=${String(seed)})\n`);
    return chosen;
  };
}
