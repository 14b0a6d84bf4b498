/**
 * A typed builder of ONNX graphs.
 *
 * A node that was added before, with the same inputs and attributes, is not added again; what no output needs is left out
 * of the encoded model. Nodes stand in the order in which they were added, which is topological.
 */
import { invariant } from '@weft/core';
import type { Attribute, ElementType, Value } from './value.ts';

export interface GraphInput extends Value {
  /** Undefined where the consumer need not know. */
  readonly shape: readonly number[] | undefined;
}

export interface GraphNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly Value[];
}

export interface Initializer extends Value {
  readonly shape: readonly number[];
  /** Little-endian elements. */
  readonly bytes: Uint8Array;
}

/** A graph's contents, as an encoder or a pass sees them. */
export interface Graph {
  readonly inputs: readonly GraphInput[];
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly GraphInput[];
  /** The name of an empty sequence that is an output before all others; `ort/sealed-run.ts` says what for. */
  readonly seal?: string;
}

/** What may be said of a node besides its operator and inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Element type of the output; that of the first input where absent. */
  readonly type?: ElementType;
}

export class GraphBuilder {
  readonly #inputs: GraphInput[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #nodes: GraphNode[] = [];
  readonly #outputs: GraphInput[] = [];
  readonly #known = new Map<string, readonly Value[]>();
  #nextName = 0;

  input(name: string, type: ElementType, shape: readonly number[]): Value {
    const input = { name, type, shape };
    this.#inputs.push(input);
    return input;
  }

  /**
   * Makes `value` an output and returns the name under which the graph gives it. A value that is an input, a constant or an
   * output already is copied.
   */
  output(value: Value, shape: readonly number[]): string {
    const isComputed = this.#nodes.some((node) => node.outputs.includes(value));
    const isFree = isComputed && !this.#outputs.some((output) => output.name === value.name);
    const { name, type } = isFree ? value : this.#copy(value);
    this.#outputs.push({ name, type, shape });
    return name;
  }

  #copy(value: Value): Value {
    const copy = { name: `t${String(this.#nextName++)}`, type: value.type };
    this.#nodes.push({ operator: 'Identity', domain: '', inputs: [value], attributes: {}, outputs: [copy] });
    return copy;
  }

  /** Adds a node with one output. */
  add(operator: string, inputs: readonly Value[], options: NodeOptions = {}): Value {
    const type = options.type ?? inputs[0]?.type ?? 'float32';
    const [value] = this.addMany(operator, inputs, [type], options);
    invariant(value !== undefined, 'a node has an output');
    return value;
  }

  /** Adds a node with one output for each of `types`. */
  addMany(
    operator: string,
    inputs: readonly Value[],
    types: readonly ElementType[],
    options: Omit<NodeOptions, 'type'> = {},
  ): readonly Value[] {
    const { attributes = {}, domain = '' } = options;
    const key = JSON.stringify([operator, domain, types, inputs.map((input) => input.name), attributes]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const outputs = types.map((type) => ({ name: `t${String(this.#nextName++)}`, type }));
    this.#nodes.push({ operator, domain, inputs, attributes, outputs });
    this.#known.set(key, outputs);
    return outputs;
  }

  /** A constant vector of int64, as shapes, axes and pads are given to nodes. */
  int64s(values: readonly number[]): Value {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** A float32 scalar. */
  scalar(value: number): Value {
    return this.constant('float32', [], Float32Array.of(value));
  }

  constant(
    type: ElementType,
    shape: readonly number[],
    values: Float32Array | Int32Array | BigInt64Array | Uint8Array,
  ): Value {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const key = `${type}|${shape.join(',')}|${Buffer.from(bytes).toString('base64')}`;
    const known = this.#initializers.get(key);
    if (known !== undefined) return known;
    const initializer = { name: `c${String(this.#nextName++)}`, type, shape, bytes };
    this.#initializers.set(key, initializer);
    return initializer;
  }

  /** The graph without what no output needs. */
  build(): Graph {
    return withoutDeadCode({
      inputs: this.#inputs,
      initializers: [...this.#initializers.values()],
      nodes: this.#nodes,
      outputs: this.#outputs,
    });
  }
}

/** `graph` without the nodes, constants and inputs that no output needs. */
export function withoutDeadCode(graph: Graph): Graph {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output.name))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input.name);
  }
  return {
    inputs: graph.inputs.filter((input) => needed.has(input.name)),
    initializers: graph.initializers.filter((initializer) => needed.has(initializer.name)),
    nodes: nodes.reverse(),
    outputs: graph.outputs,
  };
}
