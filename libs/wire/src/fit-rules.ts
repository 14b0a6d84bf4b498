/**
 * Whether model and loss fit the data, as far as a configuration says what they look like: a coordinator builds no model and reads no
 * data. Where it does not say, trainers find out when they compute.
 */
import { problemsNoted, type Demand } from './demand.ts';
import type { DataSet, Model, RunConfiguration } from './gen/weft/v1/configuration_pb.ts';

/** Only this loss takes class numbers for targets; others take a value for each output. */
const lossOfClasses = 'categoricalCrossentropy';

/** What has to fit, for those who have no messages yet. */
export interface FittingParts {
  readonly model: Pick<Model, 'loss' | 'inputShape' | 'outputShape'>;
  readonly dataSet: Pick<DataSet, 'name' | 'exampleSize' | 'classes'>;
}

/** Where the model's inputs, loss or outputs do not fit the examples, each problem with field, value and rule. */
export function problemsOfFit(parts: FittingParts): string[] {
  return problemsNoted((demand) => {
    demandFittingParts(parts, demand);
  });
}

/** Notes where inputs, loss or outputs of the model do not fit the examples. */
export function demandFit({ model, dataSet }: Pick<RunConfiguration, 'model' | 'dataSet'>, demand: Demand): void {
  if (model !== undefined && dataSet !== undefined) demandFittingParts({ model, dataSet }, demand);
}

function demandFittingParts({ model, dataSet }: FittingParts, demand: Demand): void {
  const { inputShape, outputShape, loss } = model;
  const { name, exampleSize, classes } = dataSet;
  if (exampleSize > 0 && inputShape.length > 0) {
    const values = inputShape.reduce((product, size) => product * size, 1);
    const rule = `of ${String(exampleSize)} values, as an example of ${name} is`;
    demand(values === exampleSize, 'model.input_shape', inputShape, rule);
  }
  if (classes === 0) return;
  // A missing loss is a problem of its own.
  const fits = loss === '' || loss === lossOfClasses;
  demand(fits, 'model.loss', loss, `${lossOfClasses}: targets of ${name} are class numbers`);
  if (loss !== lossOfClasses || outputShape.length === 0) return;
  const [outputs = 0] = outputShape;
  const isRow = outputShape.length === 1 && outputs >= Math.max(2, classes);
  const rule = `one row of at least ${String(classes)} values, one for each class of ${name}`;
  demand(isRow, 'model.output_shape', outputShape, rule);
}
