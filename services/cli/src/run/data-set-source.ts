/** The data set of a run: opened here too, since its identity and its counts are part of the configuration. */
import { resolve } from 'node:path';
import {
  openDataSet,
  resolveAuto,
  splitValidation,
  syntheticDefaults,
  userCacheDirectory,
  type DataSetName,
  type DownloadProgress,
  type FashionMnistOptions,
  type SyntheticParameters,
} from '@weft/data';
import type { CommandContext } from '../context.ts';

/** Which data, and where from. */
export interface DataSetRequest {
  readonly name: DataSetName;
  readonly dataDirectory: string | undefined;
  readonly validationSplit: number;
  readonly synthetic: SyntheticParameters;
}

/** The data set as a configuration names it. */
export interface DataSetSource {
  readonly name: DataSetName;
  readonly identity: string;
  readonly validationSplit: number;
  readonly trainExamples: number;
  readonly validationExamples: number;
  readonly testExamples: number;
  readonly settingsJson: string;
  readonly exampleSize: number;
  readonly classes: number;
}

/** Where the data sets are looked for, and how a download shows itself. */
export function dataSetOptions(dataDirectory: string | undefined, context: CommandContext): FashionMnistOptions {
  const { environment, homeDirectory, workingDirectory, errorOutput, stop } = context;
  return {
    cacheDirectory: userCacheDirectory(environment, homeDirectory),
    ...(dataDirectory === undefined ? {} : { dataDirectory: resolve(workingDirectory, dataDirectory) }),
    download: { signal: stop, onProgress: downloadReport(errorOutput) },
  };
}

/** Opens the data set, downloading it if need be. Throws what `openDataSet` and `splitValidation` throw. */
export async function readDataSet(request: DataSetRequest, context: CommandContext): Promise<DataSetSource> {
  const { name, validationSplit, synthetic } = request;
  const options = { ...dataSetOptions(request.dataDirectory, context), synthetic };
  const dataSet = await openDataSet(name, options);
  const { training, validation } = splitValidation(dataSet.train, validationSplit);
  return {
    name,
    identity: dataSet.identity,
    validationSplit,
    trainExamples: training.count,
    validationExamples: validation.count,
    testExamples: dataSet.test.count,
    settingsJson: name === 'synthetic-fashion' ? JSON.stringify(synthetic) : '',
    exampleSize: dataSet.train.exampleSize,
    classes: dataSet.classNames.length,
  };
}

/** What `auto` stands for here, with the reason where it is not Fashion-MNIST. */
export async function chooseDataSet(
  dataDirectory: string | undefined,
  context: CommandContext,
): Promise<{ readonly name: DataSetName; readonly remark: string | undefined }> {
  const choice = await resolveAuto(dataSetOptions(dataDirectory, context));
  return { name: choice.name, remark: choice.name === 'fashion-mnist' ? undefined : choice.reason };
}

/** The full size, or what the options ask for. */
export function syntheticParameters(values: {
  readonly syntheticSeed: number | undefined;
  readonly syntheticTrain: number | undefined;
  readonly syntheticTest: number | undefined;
}): SyntheticParameters {
  return {
    seed: values.syntheticSeed ?? syntheticDefaults.seed,
    trainCount: values.syntheticTrain ?? syntheticDefaults.trainCount,
    testCount: values.syntheticTest ?? syntheticDefaults.testCount,
  };
}

/** A line for each tenth of the download. */
function downloadReport(output: CommandContext['errorOutput']): (progress: DownloadProgress) => void {
  let lastTenth = -1;
  return ({ file, receivedBytes, totalBytes }) => {
    const tenth = Math.floor((receivedBytes / totalBytes) * 10);
    if (tenth === lastTenth) return;
    lastTenth = tenth;
    output.write(`downloading Fashion-MNIST: ${String(tenth * 10)} % (${file})\n`);
  };
}
