import { describe, expect, test } from 'vitest';
import { GraphBuilder, type Graph } from '../onnx/graph.ts';
import { cutIntoSegments, type SegmentInputs } from './segments.ts';

const behind: SegmentInputs = {
  segmentOf: (name) => ({ a0: 1, a1: 2 })[name] ?? 0,
  isRows: (name) => name === 'x',
};
const operators = (graph: Graph | undefined): string[] => (graph?.nodes ?? []).map(({ operator }) => operator);
const inputs = (graph: Graph | undefined): string[] => (graph?.inputs ?? []).map(({ name }) => name).sort();
const outputs = (graph: Graph | undefined): string[] => (graph?.outputs ?? []).map(({ name }) => name).sort();

describe('cutIntoSegments', () => {
  test('a graph of one segment stays as it is', () => {
    const builder = new GraphBuilder();
    builder.output(builder.add('Exp', [builder.input('x', 'float32', [2])]), [2]);
    const graph = builder.build();
    expect(cutIntoSegments(graph, 1, behind)).toEqual([graph]);
  });

  test('a node runs as soon as all it reads is known, and later segments take what it gave', () => {
    const builder = new GraphBuilder();
    const [x, a0, a1] = ['x', 'a0', 'a1'].map((name) => builder.input(name, 'float32', [2]));
    if (x === undefined || a0 === undefined || a1 === undefined) throw new Error('three inputs were made');
    const product = builder.add('MatMul', [x, x]);
    const first = builder.output(builder.add('ReduceSum', [product]), []);
    const second = builder.output(builder.add('Pow', [product, a0]), [2]);
    const third = builder.output(builder.add('MatMul', [builder.add('Gemm', [a0, x]), a1]), [2]);
    const cut = cutIntoSegments(builder.build(), 3, behind);
    expect(cut.map(operators)).toEqual([['MatMul', 'ReduceSum'], ['Pow', 'Gemm'], ['MatMul']]);
    expect(inputs(cut[0])).toEqual(['x']);
    expect(outputs(cut[0])).toEqual([first, product.name].sort());
    expect(inputs(cut[1])).toEqual(['a0', product.name, 'x'].sort());
    expect(outputs(cut[1])).toContain(second);
    expect(outputs(cut[2])).toEqual([third]);
    expect(inputs(cut[2])).toEqual(['a1', ...outputs(cut[1]).filter((name) => name !== second)].sort());
  });

  test('a value skips the segments that do not read it', () => {
    const builder = new GraphBuilder();
    const [x, a0, a1] = ['x', 'a0', 'a1'].map((name) => builder.input(name, 'float32', [2]));
    if (x === undefined || a0 === undefined || a1 === undefined) throw new Error('three inputs were made');
    const product = builder.add('MatMul', [x, x]);
    builder.output(builder.add('Gemm', [x, a0]), [2]);
    builder.output(builder.add('Gemm', [product, a1]), [2]);
    const [first, second, third] = cutIntoSegments(builder.build(), 3, behind);
    expect(outputs(first)).toEqual([product.name]);
    expect(inputs(second)).not.toContain(product.name);
    expect(inputs(third)).toContain(product.name);
  });

  test('a cheap operator on one large value runs again; on two, its result is handed on', () => {
    const builder = new GraphBuilder();
    const [x, p0, a0] = ['x', 'p0', 'a0'].map((name) => builder.input(name, 'float32', [2]));
    if (x === undefined || p0 === undefined || a0 === undefined) throw new Error('three inputs were made');
    const product = builder.add('MatMul', [x, x]);
    const moved = builder.add('Reshape', [builder.add('Sub', [product, p0]), builder.int64s([2, 1])]);
    const both = builder.add('Mul', [product, moved]);
    builder.output(builder.add('ReduceSum', [both]), []);
    builder.output(builder.add('Gemm', [moved, a0]), [2]);
    builder.output(builder.add('Gemm', [both, a0]), [2]);
    const [first, second] = cutIntoSegments(builder.build(), 2, behind);
    expect(inputs(second)).toEqual(['a0', 'p0', both.name, product.name].sort());
    expect(outputs(first)).not.toContain(moved.name);
    expect(operators(second)).toEqual(['Sub', 'Reshape', 'Gemm', 'Gemm']);
  });
});
