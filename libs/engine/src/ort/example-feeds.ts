/** Examples as the inputs of a graph: without copying, except where rows are padded or memory is shared. */
import { invariant, WeftError } from '@weft/core';
import type { ExampleBatch, TrainingProgram } from '../engine.ts';
import { sizeOf, type Shape } from '../ir/node.ts';
import { names } from '../trace/tracer.ts';
import { unshared } from './flat-tensors.ts';
import type { Runtime } from './runtime.ts';
import type { Feeds } from './session.ts';

/** What the examples of a model look like. */
export interface ExampleShape {
  readonly program: Pick<TrainingProgram, 'input' | 'loss'>;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

/** The kinds of buffers that a model's examples come in, and their lengths an example. */
function rowLengths({ program, inputShape, outputShape }: ExampleShape): { input: number; target: number } {
  const isClass = program.loss === 'categoricalCrossentropy';
  return { input: sizeOf(inputShape), target: isClass ? 1 : sizeOf(outputShape) };
}

/** Throws 'invalid-argument' unless `examples` are `count` examples as `shape` says, with classes that exist. */
export function checkExamples(shape: ExampleShape, examples: ExampleBatch, count: number): void {
  checkInputs(shape, examples.inputs, count);
  const lengths = rowLengths(shape);
  const { targets } = examples;
  const wanted = shape.program.loss === 'categoricalCrossentropy' ? Int32Array : Float32Array;
  if (!(targets instanceof wanted) || targets.length !== count * lengths.target) {
    throw new WeftError(
      'invalid-argument',
      `targets are ${targets.constructor.name} of ${String(targets.length)}; ` +
        `${String(count)} examples for ${shape.program.loss} need ${wanted.name} of ${String(count * lengths.target)}`,
    );
  }
  if (shape.program.loss !== 'categoricalCrossentropy') return;
  const classes = sizeOf(shape.outputShape);
  for (let row = 0; row < count; row++) {
    const target = targets[row] ?? -1;
    if (target >= 0 && target < classes) continue;
    throw new WeftError(
      'invalid-argument',
      `target ${String(row)} is class ${String(target)}; the model has classes 0 to ${String(classes - 1)}`,
    );
  }
}

/** The same for inputs alone. */
export function checkInputs(shape: ExampleShape, inputs: Uint8Array | Float32Array, count: number): void {
  const { input } = rowLengths(shape);
  const wanted = shape.program.input === 'uint8' ? Uint8Array : Float32Array;
  if (inputs instanceof wanted && inputs.length === count * input) return;
  throw new WeftError(
    'invalid-argument',
    `inputs are ${inputs.constructor.name} of ${String(inputs.length)}; ` +
      `${String(count)} examples of [${shape.inputShape.join(', ')}] need ${wanted.name} of ${String(count * input)}`,
  );
}

/** Feeds for examples [first, first + count) of `examples`, padded with zeros to `rows`. */
export function exampleFeeds(
  runtime: Runtime,
  shape: ExampleShape,
  examples: ExampleBatch,
  first: number,
  count: number,
  rows: number,
): Feeds {
  const lengths = rowLengths(shape);
  const inputs = rowsOf(examples.inputs, first * lengths.input, count * lengths.input, rows * lengths.input);
  const targets = rowsOf(examples.targets, first * lengths.target, count * lengths.target, rows * lengths.target);
  const isClass = shape.program.loss === 'categoricalCrossentropy';
  const targetShape = isClass ? [rows] : [rows, ...shape.outputShape];
  return {
    [names.examples]: tensorOf(runtime, inputs, [rows, lengths.input]),
    [names.targets]: tensorOf(runtime, targets, targetShape),
  };
}

type RowValues = Uint8Array | Int32Array | Float32Array;

function rowsOf(values: RowValues, first: number, length: number, padded: number): RowValues {
  const rows = values.subarray(first, first + length);
  if (padded === length) return unshared(rows);
  invariant(padded > length, 'rows are padded, never cut');
  const copy =
    values instanceof Uint8Array
      ? new Uint8Array(padded)
      : values instanceof Int32Array
        ? new Int32Array(padded)
        : new Float32Array(padded);
  copy.set(rows);
  return copy;
}

function tensorOf(runtime: Runtime, values: RowValues, shape: readonly number[]): Feeds[string] {
  const { Tensor } = runtime;
  if (values instanceof Uint8Array) return new Tensor('uint8', values, [...shape]);
  if (values instanceof Int32Array) return new Tensor('int32', values, [...shape]);
  return new Tensor('float32', values, [...shape]);
}
