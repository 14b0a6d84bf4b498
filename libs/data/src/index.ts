export { contiguousExamples, gatherExamples, type ContiguousExamples } from './batch.ts';
export { probeDataSets, resolveAuto, type AutoChoice, type DataSetAvailability } from './choose-data-set.ts';
export {
  dataSetNames,
  fashionClassNames,
  fashionShape,
  type DataSet,
  type DataSetName,
  type ExampleSplit,
} from './data-set.ts';
export type { FashionMnistOptions } from './fashion-mnist/fashion-mnist.ts';
export type { DownloadOptions, DownloadProgress } from './fashion-mnist/mirror.ts';
export { userCacheDirectory, type DataRoots } from './fashion-mnist/place.ts';
export { isDataSetName, openDataSet, requireIdentity, type DataSetOptions } from './open-data-set.ts';
export { splitValidation, type TrainingSplit } from './split.ts';
export { syntheticDefaults, type SyntheticParameters } from './synthetic/synthetic-fashion.ts';
