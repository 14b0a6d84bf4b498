/** The graph of a model at inference, for any number of examples, with the parameters in it. */
import { invariant } from '@weft/core';
import type { ParameterLayout } from '@weft/nn-models';
import { is, makeNode, type IrNode, type Program, type Shape } from '../ir/node.ts';
import { rewrite } from '../ir/traverse.ts';
import { lower } from '../lower/lower.ts';
import { withoutDeadCode, type Graph, type Initializer } from '../onnx/graph.ts';
import type { Value } from '../onnx/value.ts';
import { optimize } from '../passes/optimize.ts';
import { names, type Tracer } from '../trace/tracer.ts';
import { openRows } from './open-rows.ts';

/** Rows that the graph is made for: a prime far above the dimensions of models, by which rows are known. */
export const tracedRows = 65_537;

/** Names of the graph's input and output. */
export interface GraphNames {
  readonly input: string;
  readonly output: string;
}

/**
 * The graph from examples [rows, ...shape of the model's input] (float32) to predictions, in ONNX's own layout: standard
 * operators only. Its open dimension is `tracedRows` in the shapes of input and output. Parameters, copied from `parameters`,
 * have the names of the layout.
 */
export function inferenceGraph(tracer: Tracer, parameters: Float32Array, { input, output }: GraphNames): Graph {
  const { layout, inputShape } = tracer;
  invariant(parameters.length === layout.size, `the model has ${String(layout.size)} parameters`);
  const predictions = tracer.inference(tracedRows).program.outputs.filter(({ name }) => name === names.predictions);
  const program = optimize(withImages({ outputs: predictions }, input, inputShape));
  const { graph, outputs } = lower(program, { blockSize: undefined });
  const [result] = outputs;
  invariant(result !== undefined, 'inference gives predictions');
  const named = renamed(withoutCopies(graph), new Map([[result.value, output], ...parameterNames(layout)]));
  const values = new Map(layout.entries.map((entry) => [entry.name, initializerOf(entry, parameters)]));
  const image = named.inputs.find(({ name }) => name === input);
  invariant(image !== undefined, 'predictions depend on the examples');
  const held = named.inputs.flatMap(({ name }) => values.get(name) ?? []);
  const whole = { ...named, inputs: [image], initializers: [...held, ...named.initializers] };
  return withoutDeadCode(openRows(whole, image, tracedRows));
}

/** `program` over examples in the model's own shape, not as flat rows. */
function withImages(program: Program, name: string, shape: Shape): Program {
  return rewrite(program, (node) => {
    if (!is(node, 'input') || node.operation.name !== names.examples) return node;
    const [rows = 0] = node.shape;
    const image: IrNode = makeNode({ op: 'input', name, role: 'rows' }, [], [rows, ...shape]);
    return makeNode({ op: 'reshape' }, [image], node.shape);
  });
}

/** `graph` without the quotients by one through which the engine reads foreign memory (see `lowerInput`). */
function withoutCopies(graph: Graph): Graph {
  const one = new Float32Array([1]);
  const ones = graph.initializers.filter(({ type, shape, bytes }) => {
    return type === 'float32' && shape.length === 0 && Buffer.from(one.buffer).equals(bytes);
  });
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const copies = new Map<string, Value>();
  for (const { operator, inputs: operands, outputs } of graph.nodes) {
    const [source, divisor] = operands;
    const [copy] = outputs;
    const isCopy = operator === 'Div' && ones.some(({ name }) => name === divisor?.name);
    if (isCopy && source !== undefined && copy !== undefined && inputs.has(source.name)) copies.set(copy.name, source);
  }
  const nodes = graph.nodes
    .filter(({ outputs: [output] }) => output === undefined || !copies.has(output.name))
    .map((node) => ({ ...node, inputs: node.inputs.map((value) => copies.get(value.name) ?? value) }));
  return { ...graph, nodes };
}

function parameterNames({ entries }: ParameterLayout): (readonly [string, string])[] {
  return entries.map(({ name }, index) => [names.parameter(index), name]);
}

/** `graph` with other names for some of its values. */
function renamed(graph: Graph, newNames: ReadonlyMap<string, string>): Graph {
  const rename = <T extends Value>(value: T): T => ({ ...value, name: newNames.get(value.name) ?? value.name });
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  return {
    inputs: graph.inputs.map(rename),
    initializers: graph.initializers.map(rename),
    nodes,
    outputs: graph.outputs.map(rename),
  };
}

function initializerOf(entry: ParameterLayout['entries'][number], parameters: Float32Array): Initializer {
  const { name, shape, offset, length } = entry;
  const bytes = new Uint8Array(parameters.slice(offset, offset + length).buffer);
  return { name, type: 'float32', shape, bytes };
}
