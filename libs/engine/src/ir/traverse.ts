import { makeNode, type IrNode, type Program } from './node.ts';

/** The nodes that `outputs` need, inputs first. What nothing needs is dead code, and does not come up. */
function reachable(outputs: readonly IrNode[]): IrNode[] {
  const seen = new Set<IrNode>(outputs);
  const stack = [...seen];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const input of node.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      stack.push(input);
    }
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

export function nodesOf(program: Program): IrNode[] {
  return reachable(program.outputs.map((output) => output.node));
}

/** For each node of the program, the nodes that read it. An output of the program is no use. */
export function usesOf(program: Program): Map<IrNode, IrNode[]> {
  const uses = new Map<IrNode, IrNode[]>();
  for (const node of nodesOf(program)) {
    for (const input of new Set(node.inputs)) {
      const readers = uses.get(input);
      if (readers === undefined) uses.set(input, [node]);
      else readers.push(node);
    }
  }
  return uses;
}

/** `node` with other inputs; `node` itself where they are the same. */
export function withInputs(node: IrNode, inputs: readonly IrNode[]): IrNode {
  if (inputs.every((input, index) => input === node.inputs[index])) return node;
  return makeNode(node.operation, inputs, node.shape, node.dtype, node.layer);
}

/**
 * Rebuilds the program from its inputs upwards. `replace` is given each node with its inputs already rebuilt, beside the
 * original, and returns what stands for it.
 */
export function rewrite(program: Program, replace: (node: IrNode, original: IrNode) => IrNode): Program {
  const rebuilt = new Map<IrNode, IrNode>();
  const read = (node: IrNode): IrNode => rebuilt.get(node) ?? node;
  for (const node of nodesOf(program)) rebuilt.set(node, replace(withInputs(node, node.inputs.map(read)), node));
  return { outputs: program.outputs.map(({ name, node }) => ({ name, node: read(node) })) };
}
