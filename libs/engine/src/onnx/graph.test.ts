import { describe, expect, test } from 'vitest';
import { GraphBuilder } from './graph.ts';
import { partition } from './partition.ts';
import { int } from './value.ts';

describe('GraphBuilder', () => {
  test('a node that is there already is not added again, unless an attribute differs', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2]);
    const first = graph.add('Softmax', [x], { attributes: { axis: int(0) } });
    expect(graph.add('Softmax', [x], { attributes: { axis: int(0) } })).toBe(first);
    expect(graph.add('Softmax', [x], { attributes: { axis: int(1) } })).not.toBe(first);
  });

  test('equal constants are one', () => {
    const graph = new GraphBuilder();
    expect(graph.int64s([1, 2])).toBe(graph.int64s([1, 2]));
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
  });

  test('what no output needs is left out, inputs and constants too', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2]);
    const unused = graph.input('unused', 'float32', [2]);
    graph.add('Add', [unused, graph.scalar(3)]);
    graph.output(graph.add('Neg', [x]), [2]);
    const built = graph.build();
    expect(built.nodes.map((node) => node.operator)).toEqual(['Neg']);
    expect(built.inputs.map((input) => input.name)).toEqual(['x']);
    expect(built.initializers).toEqual([]);
  });

  test('an output that is an input, or an output already, is a copy', () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [2]);
    const y = graph.add('Neg', [x]);
    const outputs = [graph.output(y, [2]), graph.output(y, [2]), graph.output(x, [2])];
    expect(outputs[0]).toBe(y.name);
    expect(new Set(outputs).size).toBe(3);
    expect(graph.build().nodes.map((node) => node.operator)).toEqual(['Neg', 'Identity', 'Identity']);
  });
});

describe('partition', () => {
  test('what depends on early inputs alone runs ahead; the rest takes its results by name', () => {
    const graph = new GraphBuilder();
    const [weights, x] = [graph.input('p0', 'float32', [2]), graph.input('x', 'float32', [2])];
    const prepared = graph.add('Neg', [graph.add('Exp', [weights])]);
    graph.output(graph.add('Mul', [prepared, x]), [2]);
    const { ahead, rest } = partition(graph.build(), (input) => input.name === 'p0');
    expect(ahead?.nodes.map((node) => node.operator)).toEqual(['Exp', 'Neg']);
    expect(ahead?.outputs.map((output) => output.name)).toEqual([prepared.name]);
    expect(rest.nodes.map((node) => node.operator)).toEqual(['Mul']);
    expect(rest.inputs.map((input) => input.name)).toEqual(['x', prepared.name]);
  });

  test('a mere view of an early input stays, and nothing runs ahead for it', () => {
    const graph = new GraphBuilder();
    const [weights, x] = [graph.input('p0', 'float32', [4]), graph.input('x', 'float32', [2, 2])];
    graph.output(graph.add('Mul', [graph.add('Reshape', [weights, graph.int64s([2, 2])]), x]), [2, 2]);
    const built = graph.build();
    expect(partition(built, (input) => input.name === 'p0')).toEqual({ ahead: undefined, rest: built });
  });

  test('a view that is read both ahead and after is in both graphs', () => {
    const graph = new GraphBuilder();
    const [weights, x] = [graph.input('p0', 'float32', [4]), graph.input('x', 'float32', [2, 2])];
    const view = graph.add('Reshape', [weights, graph.int64s([2, 2])]);
    graph.output(graph.add('Sum', [view, x, graph.add('Neg', [view])]), [2, 2]);
    const { ahead, rest } = partition(graph.build(), (input) => input.name === 'p0');
    expect(ahead?.nodes.map((node) => node.operator)).toEqual(['Reshape', 'Neg']);
    expect(rest.nodes.map((node) => node.operator)).toEqual(['Reshape', 'Sum']);
  });
});
