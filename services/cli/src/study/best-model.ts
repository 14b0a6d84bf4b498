/** The best trial's model, looked at on the test split: what it takes for what, and where it is most sure and wrong. */
import { describeError } from '@weft/core';
import { openDataSet, isDataSetName, type DataSet } from '@weft/data';
import type { BestModel, WrongImage } from '@weft/report';
import { withRecordedRun, type RecordPlace } from '../archive/find-recorded-run.ts';
import type { CommandContext } from '../context.ts';
import { trainedModel, type TrainedModel } from '../export/model-source.ts';
import { compiledPredictor } from '../predict/predictor.ts';
import { dataSetOptions } from '../run/data-set-source.ts';
import { bestTrial } from './best-trial.ts';
import type { EndedStudy } from './follow-studies.ts';

/** A report shows so many. */
const mostWrong = 10;
const together = 256;

/**
 * Reads the model from its run's checkpoint and computes the test examples. Where that cannot be had (no checkpoint, another data
 * set) the confusion of the trial's result is all that is said, and `remark` is told why.
 */
export async function bestModel(
  studies: readonly EndedStudy[],
  place: RecordPlace,
  dataDirectory: string | undefined,
  context: CommandContext,
  remark: (text: string) => void,
): Promise<BestModel | undefined> {
  const best = bestTrial(studies);
  if (best === undefined) return undefined;
  const { study, trial } = best;
  const counts = trial.result?.testConfusionCounts ?? [];
  const size = Math.sqrt(counts.length);
  const confusion = Array.from({ length: size }, (_, row) => counts.slice(row * size, (row + 1) * size));
  const found = { studyId: study.study.studyId, trial: trial.trial, confusion };
  const base = study.definition.base?.dataSet;
  try {
    if (base === undefined || !isDataSetName(base.name)) return undefined;
    const synthetic = base.settingsJson === '' ? {} : (JSON.parse(base.settingsJson) as object);
    const dataSet = await openDataSet(base.name, { ...dataSetOptions(dataDirectory, context), synthetic });
    const model = await withRecordedRun(place, trial.runId, context, trainedModel);
    return { ...found, classes: dataSet.classNames, wrongImages: await wrongImages(model, dataSet) };
  } catch (thrown) {
    remark(`the best model could not be looked at: ${describeError(thrown)}`);
    return { ...found, classes: confusion.map((_, index) => String(index)), wrongImages: [] };
  }
}

/** The test examples that the model gets wrong with the greatest confidence, the most confident first. */
async function wrongImages({ model, runId }: TrainedModel, dataSet: DataSet): Promise<WrongImage[]> {
  const predictor = await compiledPredictor(model, `run ${runId}`);
  const { images, labels, count, exampleSize } = dataSet.test;
  const [height, width] = dataSet.inputShape;
  let worst: WrongImage[] = [];
  try {
    for (let first = 0; first < count; first += together) {
      const rows = Math.min(together, count - first);
      const inputs = Float32Array.from(
        images.subarray(first * exampleSize, (first + rows) * exampleSize),
        (pixel) => pixel / 255,
      );
      const outputs = await predictor.predict(inputs, rows);
      const classes = outputs.length / rows;
      for (let row = 0; row < rows; row++) {
        const answer = likeliest(outputs.subarray(row * classes, (row + 1) * classes));
        const example = first + row;
        const rightClass = labels[example] ?? 0;
        if (answer.index === rightClass) continue;
        const pixels = images.slice(example * exampleSize, (example + 1) * exampleSize);
        const wrong = { example, pixels, width, height, rightClass, predictedClass: answer.index };
        worst.push({ ...wrong, probability: answer.probability });
      }
      worst = worst.sort((a, b) => b.probability - a.probability || a.example - b.example).slice(0, mostWrong);
    }
  } finally {
    await predictor.close();
  }
  return worst;
}

function likeliest(row: Float32Array): { readonly index: number; readonly probability: number } {
  const probability = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return { index: row.indexOf(probability), probability };
}
