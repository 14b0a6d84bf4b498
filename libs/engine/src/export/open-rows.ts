/**
 * A graph for a fixed number of rows made one for any number.
 *
 * The lowering writes the number of rows into the constants that say shapes. Where the graph was made for a number of rows that
 * divides no other dimension, each multiple of it there is rows: the shape of a reshape leaves it to be inferred, any other
 * constant is put together from the shape of the input when the graph runs.
 */
import { WeftError } from '@weft/core';
import type { Graph, GraphNode, Initializer } from '../onnx/graph.ts';
import { int, type Value } from '../onnx/value.ts';

/**
 * `graph`, made for `rows` rows, for as many as its input `input` has along its first axis. Throws 'incompatible' where a
 * constant of numbers has a size that depends on them.
 */
export function openRows(graph: Graph, input: Value, rows: number): Graph {
  const shapes = new Map<string, readonly number[]>();
  for (const initializer of graph.initializers) {
    if (initializer.shape.some((length) => length > 0 && length % rows === 0)) {
      throw new WeftError('incompatible', 'the graph holds a constant whose size depends on the number of examples');
    }
    const values = initializer.type === 'int64' ? integersOf(initializer) : [];
    if (values.some((value) => isRows(value, rows))) shapes.set(initializer.name, values);
  }
  if (shapes.size === 0) return graph;

  const added = new Constants();
  const prelude: GraphNode[] = [];
  const opened = new Map<string, Value>();
  const openedShape = (shape: Value, values: readonly number[]): Value => {
    const known = opened.get(shape.name);
    if (known !== undefined) return known;
    const count = { name: 'rows', type: 'int64' } as const;
    if (prelude.length === 0) {
      prelude.push(node('Shape', [input], count, { start: int(0), end: int(1) }));
    }
    const parts = values.map((value, index) => {
      if (!isRows(value, rows)) return added.vector([value]);
      if (value === rows) return count;
      const product: Value = { name: `${shape.name}_${String(index)}`, type: 'int64' };
      prelude.push(node('Mul', [count, added.vector([value / rows])], product));
      return product;
    });
    const [first] = parts;
    const whole: Value = { name: `${shape.name}_open`, type: 'int64' };
    if (parts.length > 1) prelude.push(node('Concat', parts, whole, { axis: int(0) }));
    const value = parts.length > 1 || first === undefined ? whole : first;
    opened.set(shape.name, value);
    return value;
  };

  const nodes = graph.nodes.map((original) => {
    const inputs = original.inputs.map((value, place) => {
      const values = shapes.get(value.name);
      if (values === undefined) return value;
      const isInferable = original.operator === 'Reshape' && place === 1;
      if (!isInferable || values.filter((entry) => isRows(entry, rows)).length > 1) return openedShape(value, values);
      return added.vector(values.map((entry) => (isRows(entry, rows) ? -1 : entry)));
    });
    return { ...original, inputs };
  });
  const kept = graph.initializers.filter(({ name }) => !shapes.has(name));
  return { ...graph, initializers: [...kept, ...added.initializers], nodes: [...prelude, ...nodes] };
}

function isRows(value: number, rows: number): boolean {
  return value > 0 && value % rows === 0;
}

function integersOf({ bytes }: Initializer): number[] {
  return Array.from(new BigInt64Array(new Uint8Array(bytes).buffer), Number);
}

function node(
  operator: string,
  inputs: readonly Value[],
  output: Value,
  attributes: GraphNode['attributes'] = {},
): GraphNode {
  return { operator, domain: '', inputs, attributes, outputs: [output] };
}

/** Vectors of int64, each once. */
class Constants {
  readonly #known = new Map<string, Initializer>();

  get initializers(): readonly Initializer[] {
    return [...this.#known.values()];
  }

  vector(values: readonly number[]): Value {
    const key = values.join(',');
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const made = { name: `n${String(this.#known.size)}`, type: 'int64', shape: [values.length], bytes } as const;
    const constant = this.#known.get(key) ?? made;
    this.#known.set(key, constant);
    return constant;
  }
}
