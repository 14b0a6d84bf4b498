import { withoutDeadCode, type Graph, type GraphInput, type GraphNode } from './graph.ts';
import type { Value } from './value.ts';

/** A graph in two: what depends on some inputs only, and the rest, which takes the results of the first as inputs. */
export interface Partition {
  /** Undefined where nothing is worth computing ahead. */
  readonly ahead: Graph | undefined;
  readonly rest: Graph;
}

/**
 * Splits off the nodes that depend on constants and on the inputs for which `isEarly` holds, so that they run once where
 * the rest runs many times (weights in blocked layout, for instance). A value that is passed on keeps its name. Nodes that
 * only rename (`Identity`) or reinterpret (`Reshape`) an early input stay where they are: passing them on costs more.
 */
export function partition(graph: Graph, isEarly: (input: GraphInput) => boolean): Partition {
  const constants = new Set(graph.initializers.map((initializer) => initializer.name));
  const early = new Set(graph.inputs.filter(isEarly).map((input) => input.name));
  const cheap = new Set(early);
  const ahead: GraphNode[] = [];
  const rest: GraphNode[] = [];
  for (const node of graph.nodes) {
    const fromEarly = node.inputs.every((input) => early.has(input.name) || constants.has(input.name));
    const isView = node.operator === 'Identity' || node.operator === 'Reshape';
    const fromCheap = isView && node.inputs.every((input) => cheap.has(input.name) || constants.has(input.name));
    const isOutput = node.outputs.some((output) => graph.outputs.some((other) => other.name === output.name));
    if (!fromEarly || isOutput) {
      rest.push(node);
      continue;
    }
    ahead.push(node);
    if (fromCheap) rest.push(node);
    for (const output of node.outputs) {
      early.add(output.name);
      if (fromCheap) cheap.add(output.name);
    }
  }
  const madeAhead = new Map(ahead.flatMap((node) => node.outputs).map((output) => [output.name, output]));
  const madeInRest = new Set(rest.flatMap((node) => node.outputs).map((output) => output.name));
  const passed = new Map<string, Value>();
  for (const input of rest.flatMap((node) => node.inputs)) {
    if (madeAhead.has(input.name) && !madeInRest.has(input.name)) passed.set(input.name, input);
  }
  if (passed.size === 0) return { ahead: undefined, rest: graph };
  const handed = [...passed.values()].map((value) => ({ ...value, shape: undefined }));
  return {
    ahead: withoutDeadCode({ ...graph, nodes: ahead, outputs: handed }),
    rest: withoutDeadCode({ ...graph, nodes: rest, inputs: [...graph.inputs, ...handed] }),
  };
}
