import { noVariables, onlyInput, type LayerInputs, type LayerTwin } from './layer-twin.ts';
import { elementsOf } from './tensor.ts';

/** The same values in another shape. */
function reshaped(shapeOf: (layer: LayerInputs) => readonly number[]): LayerTwin {
  return (layer) => ({
    output: { shape: shapeOf(layer), values: onlyInput(layer).values },
    backward: (gradient) => ({ inputs: [gradient], variables: noVariables }),
  });
}

function targetShape(layer: LayerInputs): number[] {
  const [batch = 1, ...rest] = onlyInput(layer).shape;
  const target = layer.config['targetShape'] as readonly number[];
  const known = target.reduce((product, size) => (size > 0 ? product * size : product), 1);
  return [batch, ...target.map((size) => (size > 0 ? size : elementsOf(rest) / known))];
}

/** Keeps elements where the mask is 1, divided by the probability to keep; one mask element may cover several. */
const dropoutTwin: LayerTwin = (layer) => {
  const { shape, values } = onlyInput(layer);
  if (!layer.training) return reshaped(() => shape)(layer);
  const rate = Number(layer.config['rate']);
  const noise = layer.config['noiseShape'] as readonly (number | null)[] | null | undefined;
  const maskShape = shape.map((size, axis) => noise?.[axis] ?? size);
  const mask = layer.mask(rate, elementsOf(maskShape));
  const factor = (at: number): number => {
    let rest = at;
    let from = 0;
    let stride = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (maskShape[axis]! > 1) from += (rest % shape[axis]!) * stride;
      rest = Math.floor(rest / shape[axis]!);
      stride *= maskShape[axis]!;
    }
    return mask[from]! / (1 - rate);
  };
  return {
    output: { shape, values: values.map((value, at) => value * factor(at)) },
    backward: (gradient) => ({ inputs: [gradient.map((share, at) => share * factor(at))], variables: noVariables }),
  };
};

/** Zeros around each image. */
const zeroPaddingTwin: LayerTwin = (layer) => {
  const { shape, values } = onlyInput(layer);
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const [[top, bottom], [left, right]] = layer.config['padding'] as [[number, number], [number, number]];
  const padded = [batch, height + top + bottom, width + left + right, channels] as const;
  const place = (at: number): number => {
    const position = Math.floor(at / channels);
    const row = Math.floor(position / width) % height;
    const image = Math.floor(position / (width * height));
    return ((image * padded[1] + row + top) * padded[2] + (position % width) + left) * channels + (at % channels);
  };
  const output = new Float64Array(elementsOf(padded));
  values.forEach((value, at) => (output[place(at)] = value));
  return {
    output: { shape: padded, values: output },
    backward: (gradient) => ({ inputs: [values.map((_, at) => gradient[place(at)]!)], variables: noVariables }),
  };
};

const addTwin: LayerTwin = ({ inputs, ...layer }) => {
  const { shape, values } = onlyInput({ inputs, ...layer });
  return {
    output: { shape, values: values.map((_, at) => inputs.reduce((sum, input) => sum + input.values[at]!, 0)) },
    backward: (gradient) => ({ inputs: inputs.map(() => gradient), variables: noVariables }),
  };
};

/** Side by side along the last axis. */
const concatenateTwin: LayerTwin = ({ inputs, ...layer }) => {
  const { shape, values } = onlyInput({ inputs, ...layer });
  const widths = inputs.map((input) => input.shape.at(-1) ?? 1);
  const total = widths.reduce((sum, width) => sum + width, 0);
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  const rows = values.length / (shape.at(-1) ?? 1);
  const place = (input: number, at: number): number =>
    Math.floor(at / widths[input]!) * total + starts[input]! + (at % widths[input]!);
  const output = new Float64Array(rows * total);
  inputs.forEach((input, i) => {
    input.values.forEach((value, at) => (output[place(i, at)] = value));
  });
  return {
    output: { shape: [...shape.slice(0, -1), total], values: output },
    backward: (gradient) => ({
      inputs: inputs.map((input, i) => input.values.map((_, at) => gradient[place(i, at)]!)),
      variables: noVariables,
    }),
  };
};

/** The layers that move, drop or join values. */
export const shapeTwins: Readonly<Record<string, LayerTwin>> = {
  Flatten: reshaped((layer) => {
    const [batch = 1, ...rest] = onlyInput(layer).shape;
    return [batch, elementsOf(rest)];
  }),
  Reshape: reshaped(targetShape),
  Dropout: dropoutTwin,
  ZeroPadding2D: zeroPaddingTwin,
  Add: addTwin,
  Concatenate: concatenateTwin,
};
