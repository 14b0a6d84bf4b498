/** A report of plausible figures: the four tables of the reference study and a search. */
import { fashionMnistTables } from '@weft/studies';
import type { ParameterValue, SearchSpace } from '@weft/tuning';
import { referenceTablesOf } from './input/reference-tables-of.ts';
import type { ReportedStudy } from './input/reported-study.ts';
import type { ReportedModel, StudyReportInput } from './input/study-report-input.ts';
import { digestOf, generator, searchStudy, studyOf, trialOf } from './reported-study.fixture.ts';

/** A value of the parameter, and the accuracy that trials with it come to. */
type Row = readonly [value: ParameterValue, accuracy: number];

const learningRates: readonly Row[] = [
  ...([
    [0.000_15, 0.128],
    [0.0005, 0.341],
    [0.0008, 0.47],
    [0.0032, 0.665],
  ] as const),
  ...([
    [0.006, 0.699],
    [0.0219, 0.765],
    [1.62, 0.842],
    [4.617, 0.806],
  ] as const),
];

const optimizers: readonly Row[] = [
  ...([
    ['adadelta', 0.16],
    ['sgd', 0.723],
    ['adam', 0.853],
    ['nadam', 0.852],
    ['rmsprop', 0.849],
  ] as const),
];

const batchSizes: readonly Row[] = [
  ...([
    [32, 0.866],
    [64, 0.859],
    [128, 0.852],
    [256, 0.843],
    [1024, 0.804],
    [54_000, 0.33],
  ] as const),
];

const denseModels: readonly Row[] = [
  ...([
    ['dropout-ann', 0.872],
    ['deep-ann', 0.88],
  ] as const),
];

const convolutionalModels: readonly Row[] = [
  ...([
    ['simple-cnn', 0.891],
    ['dropout-cnn', 0.902],
    ['deep-cnn-bn', 0.929],
  ] as const),
];

/** A grid of one parameter. */
function gridStudy(given: {
  readonly studyId: string;
  readonly title: string;
  readonly parameter: string;
  readonly rows: readonly Row[];
  readonly seeds: number;
  readonly epochs: number;
}): ReportedStudy {
  const { parameter, rows, seeds, epochs } = given;
  const space: SearchSpace = [{ kind: 'categorical', name: parameter, choices: rows.map(([value]) => value) }];
  const trials = rows.flatMap(([value, accuracy], cell) =>
    Array.from({ length: seeds }, (_, at) =>
      trialOf({
        ...{ trial: cell * seeds + at, cell, settings: new Map([[parameter, value]]), accuracy },
        ...{ seed: at + 1, epochs },
      }),
    ),
  );
  return studyOf({ ...given, space, trials });
}

const initialNn: ReportedModel = {
  name: 'initial-nn',
  layers: [
    { layer: 'flatten', kind: 'Flatten', outputShape: [784], parameters: 0 },
    { layer: 'hidden', kind: 'Dense', outputShape: [32], parameters: 25_120 },
    { layer: 'output', kind: 'Dense', outputShape: [10], parameters: 330 },
  ],
  ...{ trainableParameters: 25_450, parameters: 25_450 },
};

const simpleCnn: ReportedModel = {
  name: 'simple-cnn',
  layers: [
    { layer: 'conv_1', kind: 'Conv2D', outputShape: [26, 26, 32], parameters: 320 },
    { layer: 'pool_1', kind: 'MaxPooling2D', outputShape: [13, 13, 32], parameters: 0 },
    { layer: 'conv_2', kind: 'Conv2D', outputShape: [11, 11, 64], parameters: 18_496 },
    { layer: 'flatten', kind: 'Flatten', outputShape: [7744], parameters: 0 },
    { layer: 'dense', kind: 'Dense', outputShape: [128], parameters: 991_360 },
    { layer: 'output', kind: 'Dense', outputShape: [10], parameters: 1290 },
  ],
  ...{ trainableParameters: 1_011_466, parameters: 1_011_466 },
};

const classes = [
  ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
];

/** A blurred shape on black. */
function picture(seed: number): Uint8Array {
  const next = generator(seed);
  const [wide, high] = [5 + 7 * next(), 8 + 4 * next()];
  return Uint8Array.from({ length: 784 }, (_, at) => {
    const [x, y] = [(at % 28) - 13.5, Math.floor(at / 28) - 13.5];
    const inside = 1 - Math.max(Math.abs(x) / wide, Math.abs(y) / high);
    return inside > 0 ? Math.min(255, 90 + 260 * inside + 40 * next()) : 0;
  });
}

/** The whole input: four tables (`seeds` each), a search of `searched` cells, models, and the best model's mistakes. */
export function studyReportInput(
  given: { readonly seeds?: number; readonly epochs?: number; readonly searched?: number } = {},
): StudyReportInput {
  const { seeds = 1, epochs = 5, searched = 24 } = given;
  const size = { seeds, epochs };
  const next = generator(3);
  const initial = trialOf({ trial: 0, cell: 0, settings: new Map(), accuracy: 0.823, epochs });
  const studies = [
    gridStudy({
      ...{
        studyId: 'learning-rate',
        title: 'Learning rates',
        parameter: 'learning-rate',
        rows: learningRates,
        ...size,
      },
    }),
    gridStudy({
      ...{ studyId: 'optimizer', title: 'Optimizers', parameter: 'optimizer', rows: optimizers, ...size },
      seeds: Math.max(3, seeds),
    }),
    gridStudy({
      ...{ studyId: 'batch-size', title: 'Batch sizes', parameter: 'batch-size', rows: batchSizes, ...size },
    }),
    studyOf({ studyId: 'architecture-initial-nn', title: 'Initial NN', space: [], trials: [initial] }),
    gridStudy({
      ...{ studyId: 'architecture-dense', title: 'Dense networks', parameter: 'model', rows: denseModels, ...size },
    }),
    gridStudy({
      ...{ studyId: 'architecture-convolutional', title: 'Convolutional networks', parameter: 'model' },
      ...{ rows: convolutionalModels, ...size },
    }),
    ...(searched > 0 ? [searchStudy(searched, epochs)] : []),
  ];
  return {
    ...{ title: 'The Fashion-MNIST study', createdAt: '2026-01-02T03:04:05.000Z', makespanSeconds: 1930, studies },
    dataSet: {
      ...{ name: 'fashion-mnist', identity: digestOf(next), synthetic: false },
      ...{ trainExamples: 54_000, validationExamples: 6000, testExamples: 10_000 },
    },
    remarks: [],
    references: fashionMnistTables.flatMap((table) =>
      referenceTablesOf(
        table,
        studies.map(({ studyId }) => studyId).filter((studyId) => studyId.startsWith(table.studies)),
      ),
    ),
    models: [initialNn, simpleCnn],
    best: {
      ...{ studyId: 'architecture-convolutional', trial: 2 * seeds, classes },
      confusion: classes.map((_, right) =>
        classes.map((__, answer) => (right === answer ? 860 + 10 * right : Math.round(30 * next() * next()))),
      ),
      wrongImages: Array.from({ length: 12 }, (_, at) => ({
        ...{ example: 37 * at + 12, pixels: picture(at), width: 28, height: 28 },
        ...{ rightClass: (at * 3) % 10, predictedClass: (at * 3 + 6) % 10, probability: 0.9999 - 0.002 * at },
      })),
    },
    environment: [
      ['weft', '0.1.0, commit 0123abc'],
      ['node', 'v24.21.0'],
      ['processor', '2 cores, a processor'],
      ['engine', 'ort-cpu/1.22 avx512 threads=1'],
    ],
    commands: ['./weft study fashion-mnist --scale standard --trainers 2', './weft sweep studies/search.yaml'],
  };
}
