import type { IrNode, Program } from '../ir/node.ts';
import { rewrite } from '../ir/traverse.ts';

/** Common subexpressions: nodes with equal operation, inputs and shape become one. */
export function shareSubexpressions(program: Program): Program {
  const known = new Map<string, IrNode>();
  return rewrite(program, (node) => {
    const key = JSON.stringify([node.operation, node.shape, node.dtype, node.inputs.map((input) => input.id)]);
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, node);
    return node;
  });
}
