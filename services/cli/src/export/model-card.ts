/** What an exported model says of itself: enough to prepare pictures for it, to name its classes, and to find the run again. */
import { dataSetNames, fashionClassNames, fashionShape, type DataSetName } from '@weft/data';
import type { MetadataValue, ModelMetadata } from '@weft/engine';

/** How a picture becomes an input: grey, black background, so many pixels, each divided. */
export interface Preprocessing {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Grey values of 0 to 255 are divided by this. */
  readonly divideBy: number;
}

/** The examples that `test:N` means. */
export interface CardDataSet {
  readonly name: DataSetName;
  readonly identity: string;
  /** Of a generated data set. */
  readonly settings: Readonly<Record<string, number>>;
}

/** What is read of a card; what a foreign file does not say is undefined. */
export interface ModelCard {
  readonly classNames: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  readonly dataSet: CardDataSet | undefined;
}

const [height, width, channels] = fashionShape;
/** Of runs: engines divide bytes by 255, and both data sets have grey pictures on black. */
const trainedOn: Preprocessing & { readonly background: string } = {
  ...{ height, width, channels, divideBy: 255, background: 'black' },
};

/** The parts that all cards of runs have, beside what is said of the run. */
export function cardOfDataSet(name: string, identity: string, settingsJson: string): ModelMetadata {
  const settings = settingsJson === '' ? {} : (JSON.parse(settingsJson) as Record<string, number>);
  return {
    classNames: [...fashionClassNames],
    preprocessing: { ...trainedOn },
    dataSet: { name, identity, settings },
  };
}

/** Reads a card from a file's metadata, whoever wrote it: what has another form counts as not said. */
export function readCard(metadata: ModelMetadata): ModelCard {
  const { classNames, preprocessing, dataSet } = metadata;
  return {
    classNames: isTexts(classNames) ? classNames : undefined,
    preprocessing: preprocessingOf(preprocessing),
    dataSet: dataSetOf(dataSet),
  };
}

function isTexts(value: MetadataValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

type MetadataObject = Readonly<Record<string, MetadataValue>>;

function isObject(value: MetadataValue | undefined): value is MetadataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function preprocessingOf(value: MetadataValue | undefined): Preprocessing | undefined {
  if (!isObject(value)) return undefined;
  const numbers = ['height', 'width', 'channels', 'divideBy'].map((key) => value[key]);
  const [rows, columns, depth, divideBy] = numbers.map((number) => (typeof number === 'number' ? number : NaN));
  const isWhole = [rows, columns, depth].every((number) => Number.isInteger(number) && Number(number) > 0);
  if (!isWhole || rows === undefined || columns === undefined || depth === undefined) return undefined;
  return divideBy !== undefined && divideBy > 0
    ? { height: rows, width: columns, channels: depth, divideBy }
    : undefined;
}

function dataSetOf(value: MetadataValue | undefined): CardDataSet | undefined {
  if (!isObject(value)) return undefined;
  const name = dataSetNames.find((known) => known === value['name']);
  const { identity, settings } = value;
  if (name === undefined || typeof identity !== 'string') return undefined;
  const numbers = Object.entries(isObject(settings) ? settings : {}).filter(([, item]) => typeof item === 'number');
  return { name, identity, settings: Object.fromEntries(numbers) as Record<string, number> };
}
