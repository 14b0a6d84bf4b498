/**
 * The published Fashion-MNIST study: what it found, and beside tables 3.1, 4.1 and 5.1 what one run of the same recipe in PyTorch
 * (seed 0, 5 epochs) found. studies/fashion-mnist/ holds the study files that fill these tables.
 */
import type { ParameterValue } from '@weft/tuning';
import type { ReferenceRow, ReferenceTable } from './reference-table.ts';

/** Two seeds of one recipe are so far apart; where nothing much is learned yet, further. */
const tolerances = { learned: 0.02, unlearned: 0.06, learnedFrom: 0.5 };

const diverged =
  'The study diverged here. A softmax computed apart from the logarithm loses its gradient when it saturates; Weft computes the ' +
  'stable form, which does not, and learns. So did PyTorch.';

type Accuracy = readonly [label: string, value: ParameterValue, study: number, pytorch: number, note?: string];

function accuracyRow([label, value, validationAccuracy, pytorch, note]: Accuracy): ReferenceRow {
  const { learned, unlearned, learnedFrom } = tolerances;
  const compared = note === undefined ? { tolerance: pytorch < learnedFrom ? unlearned : learned } : { note };
  return { label, value, reference: { validationAccuracy }, pytorch, ...compared };
}

type Test = readonly [label: string, value: string, testLoss: number, testAccuracy: number];

function testRow([label, value, testLoss, testAccuracy]: Test): ReferenceRow {
  return { label, value, reference: { testLoss, testAccuracy } };
}

const learningRates: readonly Accuracy[] = [
  ['0.00015', 0.000_15, 0.1053, 0.131],
  ['0.00050', 0.0005, 0.2135, 0.362],
  ['0.00080', 0.0008, 0.4295, 0.476],
  ['0.00320', 0.0032, 0.6085, 0.668],
  ['0.0060', 0.006, 0.7028, 0.697],
  ['0.0219', 0.0219, 0.7638, 0.763],
  ['1.620', 1.62, 0.0917, 0.844, diverged],
  ['4.617', 4.617, 0.099, 0.808, diverged],
];

const optimizers: readonly Accuracy[] = [
  ['Adadelta', 'adadelta', 0.1528, 0.162],
  ['SGD', 'sgd', 0.7212, 0.722],
  ['Adam', 'adam', 0.8568, 0.852],
  ['Nadam', 'nadam', 0.856, 0.85],
  ['RMSprop', 'rmsprop', 0.8532, 0.85],
];

const batchSizes: readonly Accuracy[] = [
  ['32', 32, 0.869, 0.866],
  ['64', 64, 0.8627, 0.857],
  ['128', 128, 0.8568, 0.852],
  ['256', 256, 0.8447, 0.844],
  ['1024', 1024, 0.7868, 0.806],
  ['54000', 54_000, 0.3687, 0.326],
];

const architectures: readonly Test[] = [
  ['Initial NN', 'initial-nn', 0.51, 0.821],
  ['Dropout ANN', 'dropout-ann', 0.378, 0.871],
  ['Deep ANN', 'deep-ann', 0.441, 0.878],
  ['Simple CNN', 'simple-cnn', 0.907, 0.885],
  ['Dropout CNN', 'dropout-cnn', 0.269, 0.9],
  ['Deep CNN with Batch Normalization', 'deep-cnn-bn', 0.278, 0.931],
  ['VGG-16', 'vgg16', 0.445, 0.921],
];

/** Its tables, in their order. */
export const fashionMnistTables: readonly ReferenceTable[] = [
  {
    ...{ number: '3.1', title: 'Learning rate (initial NN, SGD, batch 128)', epochs: 5, studies: 'learning-rate' },
    ...{ setting: 'learning-rate', heading: 'learning rate', figures: ['validationAccuracy'] },
    rows: learningRates.map(accuracyRow),
  },
  {
    ...{ number: '4.1', title: 'Optimizer (initial NN, batch 128, Keras defaults)', epochs: 5, studies: 'optimizer' },
    ...{ setting: 'optimizer', heading: 'optimizer', figures: ['validationAccuracy'] },
    rows: optimizers.map(accuracyRow),
  },
  {
    ...{ number: '5.1', title: 'Batch size (initial NN, Adam)', epochs: 5, studies: 'batch-size' },
    ...{ setting: 'batch-size', heading: 'batch', figures: ['validationAccuracy'] },
    rows: batchSizes.map(accuracyRow),
  },
  {
    ...{ number: '6.1', title: 'Architecture', epochs: 50, studies: 'architecture' },
    ...{ setting: 'model', heading: 'architecture', figures: ['testLoss', 'testAccuracy'] },
    rows: architectures.map(testRow),
  },
];
