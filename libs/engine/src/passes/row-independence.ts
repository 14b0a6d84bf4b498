import type { IrNode, Program } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';
import { flowOf, type Flow } from './row-flow.ts';

/**
 * Whether the sums that `program`, traced over `rows` rows and optimized, gives for a chunk are those for any parts of the chunk, added: what
 * it computes for a row depends on that row alone, and what becomes of sums is linear. Not so with statistics over the chunk
 * (batch normalization), and where rows move.
 */
export function hasIndependentRows(program: Program, rows: number): boolean {
  const flows = new Map<IrNode, Flow>();
  for (const node of nodesOf(program)) {
    const inputs = node.inputs.map((input) => flows.get(input) ?? 'fixed');
    const flow = flowOf(node, inputs, rows);
    if (flow === undefined) return false;
    if (inputs.includes('sums') && !isLinear(node, inputs)) return false;
    const { operation } = node;
    if (flow === 'sums' && operation.op === 'reduce' && operation.fn !== 'sum' && inputs.includes('rows')) return false;
    flows.set(node, flow);
  }
  return true;
}

/** Whether `node`, some of whose inputs are sums, gives for a sum of such inputs the sum of what it gives for each. */
function isLinear({ operation }: IrNode, inputs: readonly Flow[]): boolean {
  const onlySums = inputs.every((flow) => flow === 'sums');
  switch (operation.op) {
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'concat':
    case 'tile':
      return onlySums;
    case 'reduce':
      return operation.fn === 'sum' || operation.fn === 'mean';
    case 'unary':
      return operation.fn === 'neg';
    case 'binary':
      if (operation.fn === 'add' || operation.fn === 'sub') return onlySums;
      if (operation.fn === 'div') return inputs[0] === 'sums' && inputs[1] === 'fixed';
      return operation.fn === 'mul' && inputs.includes('fixed');
    default:
      return false;
  }
}
