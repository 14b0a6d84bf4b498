/** Which data sets can be had here: the choice that `auto` makes, and the answer for `weft doctor`. */
import { describeError, WeftError } from '@weft/core';
import type { DataSetName } from './data-set.ts';
import { obtainFashionMnist, type FashionMnistOptions } from './fashion-mnist/fashion-mnist.ts';

/** What `auto` stands for on this machine. */
export type AutoChoice =
  | { readonly name: 'fashion-mnist'; readonly directory: string }
  | {
      readonly name: 'synthetic-fashion';
      /** Why Fashion-MNIST cannot be had, in a few words. */
      readonly reason: string;
      /** Every place and mirror that was tried, one a line. */
      readonly detail: string;
    };

/** Bounds for a user who did not ask for a download: 3 s for an answer, 1 min for another process that downloads. */
const autoBounds = { connectTimeoutMs: 3_000, lockTimeoutMs: 60_000 };

/**
 * Fashion-MNIST where it can be had, a download included (mirrors that do not answer within 3 s are passed over, unless
 * `options` sets another bound), else the synthetic set with the reason. Throws 'corrupt' for a file that was found but is
 * damaged, since its owner meant it to be used, and 'cancelled'.
 */
export async function resolveAuto(options: FashionMnistOptions): Promise<AutoChoice> {
  const download = options.download === false ? false : { ...autoBounds, ...(options.download ?? {}) };
  try {
    const files = await obtainFashionMnist({ ...options, download });
    return { name: 'fashion-mnist', directory: files.directory };
  } catch (error) {
    if (!(error instanceof WeftError) || error.code === 'corrupt' || error.code === 'cancelled') throw error;
    const reason = 'Fashion-MNIST is not on this machine and could not be downloaded';
    return { name: 'synthetic-fashion', reason, detail: error.message };
  }
}

/** Whether one data set can be had now, without a network. */
export type DataSetAvailability =
  | { readonly name: DataSetName; readonly available: true; readonly origin: string }
  | { readonly name: DataSetName; readonly available: false; readonly reason: string };

/** Looks for every data set on this machine and verifies what it finds; downloads nothing and never throws. */
export async function probeDataSets(options: FashionMnistOptions): Promise<DataSetAvailability[]> {
  const fashion = await obtainFashionMnist({ ...options, download: false }).then(
    ({ directory }) => ({ name: 'fashion-mnist', available: true, origin: directory }) as const,
    (error: unknown) => ({ name: 'fashion-mnist', available: false, reason: describeError(error) }) as const,
  );
  return [fashion, { name: 'synthetic-fashion', available: true, origin: 'generated in memory' }];
}
