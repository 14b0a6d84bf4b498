import { expect, test } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { openOnnxPredictor } from './onnx-predictor.ts';
import { openRows } from './open-rows.ts';

const rows = 1009;

test('shapes that are inferred, spread and multiplied follow the number of rows', async () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [rows, 2, 3]);
  const flat = graph.add('Reshape', [x, graph.int64s([2 * rows, 3])]);
  const spread = graph.add('Expand', [graph.scalar(1), graph.int64s([2 * rows, 3])]);
  const sum = graph.add('Add', [flat, spread]);
  const more = graph.add('Expand', [graph.scalar(2), graph.int64s([rows])]);
  const column = graph.add('Reshape', [more, graph.int64s([rows, 1])]);
  const result = graph.add('Mul', [graph.add('Reshape', [sum, graph.int64s([rows, 6])]), column]);
  graph.output(result, [rows, 6]);
  const opened = openRows(graph.build(), x, rows);
  const open = { size: rows, name: 'N' };
  const file = encodeModel(opened, { producerVersion: '1', metadata: {}, open });
  const predictor = await openOnnxPredictor(file, 'the graph');
  for (const count of [1, 4, rows]) {
    const values = Float32Array.from({ length: count * 6 }, (_, at) => at);
    expect(await predictor.predict(values, count)).toEqual(values.map((value) => 2 * (value + 1)));
  }
  await predictor.close();
});

test('a graph that says nothing of rows stays as it is', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [rows, 3]);
  graph.output(graph.add('Reshape', [x, graph.int64s([-1, 3])]), [rows, 3]);
  const built = graph.build();
  expect(openRows(built, x, rows)).toBe(built);
});

test('a constant with an element for each row cannot be opened', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [rows]);
  graph.output(graph.add('Add', [x, graph.constant('float32', [rows], new Float32Array(rows))]), [rows]);
  expect(() => openRows(graph.build(), x, rows)).toThrow('size depends on the number of examples');
});
