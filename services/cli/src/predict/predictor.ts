/** A model ready to predict, wherever it came from. */
import { describeError, WeftError } from '@weft/core';
import { openEngine, openOnnxPredictor, type ExportedModel, type MetadataValue } from '@weft/engine';
import { loadTopology } from '@weft/nn-models';
import { readCard, type CardDataSet, type Preprocessing } from '../export/model-card.ts';

/** Pictures in, a row of values for each out. */
export interface Predictor {
  /** For people: a path or a run. */
  readonly origin: string;
  readonly preprocessing: Preprocessing;
  /** Undefined where the model does not name them. */
  readonly classNames: readonly string[] | undefined;
  /** The examples that `test:N` means; undefined where the model does not say. */
  readonly dataSet: CardDataSet | undefined;
  /** Rows of outputs for `count` pictures, each prepared as `preprocessing` says. */
  predict(inputs: Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A predictor for a model that has its topology. It is compiled where the compiler knows its layers, else runs on TF.js. */
export async function compiledPredictor(model: ExportedModel, origin: string): Promise<Predictor> {
  const { topology, parameters, loss = 'meanSquaredError', metadata } = model;
  const facts = described(metadata, await inputShapeOf(topology), origin);
  const program = { topology, loss, input: 'float32', seed: 0 } as const;
  for (const name of ['ort-cpu', 'tfjs-cpu'] as const) {
    try {
      const engine = await openEngine(name);
      const compiled = await engine.compile(program);
      return {
        ...facts,
        predict: (inputs, count) => compiled.predict(inputs, count, parameters),
        close: async () => {
          await compiled.dispose();
          await engine.dispose();
        },
      };
    } catch (thrown) {
      const isRefusal = thrown instanceof WeftError && ['incompatible', 'precondition-failed'].includes(thrown.code);
      if (!isRefusal || name === 'tfjs-cpu') throw thrown;
    }
  }
  throw new WeftError('incompatible', `${origin} cannot be computed on any engine`);
}

/** A predictor for the bytes of an ONNX file. */
export async function onnxPredictor(file: Uint8Array, origin: string): Promise<Predictor> {
  const predictor = await openOnnxPredictor(file, origin);
  const values = Object.entries(predictor.metadata).map(([key, text]) => [key, valueOf(text)]);
  const metadata = Object.fromEntries(values) as Record<string, MetadataValue>;
  try {
    return {
      ...described(metadata, predictor.inputShape, origin),
      predict: (inputs, count) => predictor.predict(inputs, count),
      close: () => predictor.close(),
    };
  } catch (thrown) {
    await predictor.close();
    throw thrown;
  }
}

function described(
  metadata: ExportedModel['metadata'],
  inputShape: readonly number[],
  origin: string,
): Omit<Predictor, 'predict' | 'close'> {
  const { classNames, preprocessing, dataSet } = readCard(metadata);
  const prepared = preprocessing ?? guessed(inputShape);
  const size = inputShape.reduce((product, length) => product * length, 1);
  const fits = prepared?.channels === 1 && prepared.height * prepared.width === size;
  if (prepared !== undefined && fits) return { origin, preprocessing: prepared, classNames, dataSet };
  throw new WeftError(
    'incompatible',
    `${origin} takes inputs of [${inputShape.join(', ')}], not one grey picture each`,
  );
}

/** For models that do not say: [height, width, 1], [height, width], or a flat square; grey values divided by 255. */
function guessed(inputShape: readonly number[]): Preprocessing | undefined {
  const [height = 0, width, channels = 1] = inputShape;
  if (width !== undefined && inputShape.length <= 3) return { height, width, channels, divideBy: 255 };
  const side = Math.sqrt(height);
  return Number.isInteger(side) ? { height: side, width: side, channels: 1, divideBy: 255 } : undefined;
}

async function inputShapeOf(topology: string): Promise<number[]> {
  const model = await loadTopology(topology);
  const shape = model.inputs[0]?.shape.slice(1).map((length) => length ?? 1) ?? [];
  model.dispose();
  return shape;
}

function valueOf(text: string): MetadataValue {
  try {
    return JSON.parse(text) as MetadataValue;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return text;
    throw new WeftError('internal', describeError(thrown), { cause: thrown });
  }
}
