import type { Graph, GraphInput, GraphNode } from '../onnx/graph.ts';
import type { Value } from '../onnx/value.ts';

/**
 * Cuts `graph` into graphs that run one after the other: a node goes into the first segment in which all it reads is known,
 * where `segmentOfInput` says when each input is. What a later segment reads of an earlier one is an output of the one and an
 * input of the other, by its name. Nodes that only rename (`Identity`) or reinterpret (`Reshape`) are made again instead.
 */
export function cutIntoSegments(
  graph: Graph,
  segments: number,
  segmentOfInput: (name: string) => number,
): readonly Graph[] {
  if (segments === 1) return [graph];
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  const makers = new Map<string, GraphNode>();
  const segmentOf = new Map<string, number>(graph.inputs.map(({ name }) => [name, segmentOfInput(name)]));
  for (const node of graph.nodes) {
    const segment = Math.max(0, ...node.inputs.map(({ name }) => segmentOf.get(name) ?? 0));
    for (const { name } of node.outputs) {
      makers.set(name, node);
      segmentOf.set(name, segment);
    }
  }
  // From the last segment back, so that each knows what later ones ask of it.
  const asked = new Map<string, GraphInput>();
  const cut: Graph[] = [];
  for (let segment = segments - 1; segment >= 0; segment--) {
    const isHere = ({ name }: Value): boolean => segmentOf.get(name) === segment;
    const own = graph.outputs.filter(isHere);
    const handedOn = [...asked.values()].filter(
      (value) => isHere(value) && !own.some(({ name }) => name === value.name),
    );
    const outputs = [...own, ...handedOn];
    const read = new Map<string, GraphInput>();
    const constants = new Set<string>();
    const nodes = new Set<GraphNode>();
    const pending: Value[] = [...outputs];
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      const input = inputs.get(value.name);
      const maker = makers.get(value.name);
      if (input !== undefined) read.set(value.name, input);
      else if (maker === undefined) constants.add(value.name);
      else if (isHere(value) || isView(maker)) {
        if (!nodes.has(maker)) pending.push(...maker.inputs);
        nodes.add(maker);
      } else {
        const passed = { ...value, shape: undefined };
        read.set(value.name, passed);
        asked.set(value.name, passed);
      }
    }
    cut.push({
      inputs: [...read.values()],
      initializers: graph.initializers.filter(({ name }) => constants.has(name)),
      nodes: graph.nodes.filter((node) => nodes.has(node)),
      outputs,
    });
  }
  return cut.reverse();
}

function isView(node: GraphNode): boolean {
  return node.operator === 'Identity' || node.operator === 'Reshape';
}
