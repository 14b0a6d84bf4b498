import type { Graph, GraphInput, GraphNode } from '../onnx/graph.ts';
import type { Value } from '../onnx/value.ts';

/** What the cut has to know of a graph's inputs. */
export interface SegmentInputs {
  /** The segment from which on an input is known. */
  segmentOf(name: string): number;
  /** Whether an input has rows of examples, so that what is made of it may be large. */
  isRows(name: string): boolean;
}

/** Operators that take less time to run again than their result takes to be copied out of a graph. */
const cheapOperators: ReadonlySet<string> = new Set([
  'Add',
  'Cast',
  'Div',
  'Greater',
  'GreaterOrEqual',
  'Identity',
  'Mul',
  'Relu',
  'Reshape',
  'Sub',
]);

/**
 * Cuts `graph` into graphs that run one after the other: a node goes into the first segment in which all it reads is known.
 * What a later segment reads of an earlier one is an output of the one and an input of the other, by its name; but the result
 * of a cheap operator on one large value is made again from that value, to the same bits.
 *
 * A node that reads one value runs in the segment that makes the value, so a sum never reads what was copied: its order may
 * depend on the address.
 */
export function cutIntoSegments(graph: Graph, segments: number, of: SegmentInputs): readonly Graph[] {
  if (segments === 1) return [graph];
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  const makers = new Map<string, GraphNode>();
  const segmentOf = new Map<string, number>(graph.inputs.map(({ name }) => [name, of.segmentOf(name)]));
  const hasRows = new Set(graph.inputs.map(({ name }) => name).filter((name) => of.isRows(name)));
  for (const node of graph.nodes) {
    const segment = Math.max(0, ...node.inputs.map(({ name }) => segmentOf.get(name) ?? 0));
    const readsRows = node.inputs.some(({ name }) => hasRows.has(name));
    for (const { name } of node.outputs) {
      if (readsRows) hasRows.add(name);
      makers.set(name, node);
      segmentOf.set(name, segment);
    }
  }
  const isRepeated = (node: GraphNode): boolean =>
    cheapOperators.has(node.operator) && node.inputs.filter(({ name }) => hasRows.has(name)).length <= 1;
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
      else if (isHere(value) || isRepeated(maker)) {
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
