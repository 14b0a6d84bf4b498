/** Opens a data set by its name. */
import { WeftError } from '@weft/core';
import { dataSetNames, type DataSet, type DataSetName } from './data-set.ts';
import { openFashionMnist, type FashionMnistOptions } from './fashion-mnist/fashion-mnist.ts';
import { openSyntheticFashion, type SyntheticParameters } from './synthetic/synthetic-fashion.ts';

/** Everything that opening any of the data sets can need. */
export interface DataSetOptions extends FashionMnistOptions {
  /** What to generate, for `synthetic-fashion`; default: its full size with seed 0. */
  readonly synthetic?: Partial<SyntheticParameters>;
}

/**
 * The data set called `name`, whole and verified, in memory. Throws 'not-found' with every place that was tried,
 * 'corrupt', 'cancelled' (see `obtainFashionMnist`), or 'invalid-argument' for parameters that cannot be generated.
 */
export async function openDataSet(name: DataSetName, options: DataSetOptions): Promise<DataSet> {
  switch (name) {
    case 'fashion-mnist':
      return openFashionMnist(options);
    case 'synthetic-fashion':
      return openSyntheticFashion(options.synthetic ?? {}, options);
  }
}

/** Whether `text` is the name of a data set. */
export function isDataSetName(text: string): text is DataSetName {
  return dataSetNames.some((name) => name === text);
}

/** Throws 'incompatible' unless `dataSet` is the one with the identity `expected`, which is said to be `whose`. */
export function requireIdentity(dataSet: DataSet, expected: string, whose: string): void {
  if (dataSet.identity === expected) return;
  throw new WeftError(
    'incompatible',
    `the data set ${dataSet.name} from ${dataSet.origin} is ${dataSet.identity}, but that of ${whose} is ${expected}; ` +
      'both must hold the same examples',
  );
}
